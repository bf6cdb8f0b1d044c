package dev.vitrine.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the route {@code take} does around {@code accept} for sources other than HTTP: whatever becomes of a picture, its
 * source gets its own message back, and learns in the variables {@code outcome} and {@code folder} whether it was taken.
 */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final String MESSAGE = "VitrineSourceMessage";

    private final Uploads uploads;

    /** @param uploads where pictures lie until they are accepted */
    public Sources(Uploads uploads) {
        this.uploads = uploads;
    }

    /**
     * Makes a file of the body, which may be a file, bytes or a stream, under a name of our own.
     *
     * @throws ProblemException 413 where it is too long
     */
    public void keep(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        exchange.setProperty(MESSAGE, message.copy());
        exchange.removeVariable("jobId");
        exchange.removeVariable("outcome");
        exchange.removeVariable("refusal");
        exchange.setVariable("folder", "done");
        uploads.receive(exchange);
    }

    /** Says in the log and in the variables that the picture is at fault and why. */
    public void refuse(Exchange exchange) {
        String reason =
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage();
        Message message = exchange.getProperty(MESSAGE, Message.class);
        LOG.warn("A picture of product {} is refused: {}", message.getHeader("product_id"), reason);
        exchange.setVariable("outcome", "refused");
        exchange.setVariable("refusal", reason);
        exchange.setVariable("folder", "refused");
    }

    /** Lets the source know that nothing was taken, by what went wrong. */
    public void fail(Exchange exchange) throws Exception {
        throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    }

    /**
     * What tells a message that was seen before from a new one: SHA-256 of its text, lower-case hex. For the step
     * {@code idempotentConsumer}.
     */
    public String fingerprint(@Body String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Gives the source its message back as it was. */
    public void giveBack(Exchange exchange) {
        exchange.setMessage((Message) exchange.removeProperty(MESSAGE));
    }
}
