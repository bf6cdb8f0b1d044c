package dev.vitrine.http.outbound;

import java.io.IOException;

/** Takes an answer's body, in the thread that sent the request. */
@FunctionalInterface
public interface Content {
    /** Nobody wants the body; the connection is closed without it. */
    Content UNWANTED = null;

    /** @throws IOException ends the answer and reaches the sender, as any RuntimeException does */
    void take(byte[] part) throws IOException;

    /** Chooses by the head of the answer. */
    @FunctionalInterface
    interface Choice {
        /** Who takes the body; {@link #UNWANTED} for nobody. */
        Content of(OutboundAnswer head) throws IOException;
    }
}
