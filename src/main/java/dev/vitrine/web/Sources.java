package dev.vitrine.web;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the route {@code take} does around {@code accept} for sources other than HTTP: whatever becomes of a picture, its
 * source gets its own message back, and learns in the variable {@code outcome} whether the picture was taken.
 */
public final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final String MESSAGE = "VitrineSourceMessage";

    private final Uploads uploads;

    /**
     * @param uploads the folder where pictures lie until they are accepted
     * @param maxUploadBytes size of a picture file, at most
     */
    public Sources(Path uploads, long maxUploadBytes) {
        this.uploads = new Uploads(uploads, maxUploadBytes);
    }

    /**
     * Makes a file of the body, which may be a file, bytes or a stream, under a name of our own.
     *
     * @throws ProblemException 413 where it is too long, 400 where there is no body
     */
    public void keep(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        exchange.setProperty(MESSAGE, message.copy());
        exchange.removeVariable("jobId");
        exchange.removeVariable("outcome");
        exchange.removeVariable("refusal");
        if (message.getBody() instanceof File || message.getBody() instanceof Path) {
            message.setBody(message.getBody(File.class));
            return;
        }
        try {
            message.setBody(uploads.copy(message.getMandatoryBody(InputStream.class), exchange));
        } catch (InvalidPayloadException e) {
            throw new ProblemException(400, "There is no picture in the message's body", List.of(), e);
        }
    }

    /** Says in the log and in the variables {@code outcome} and {@code refusal} that the picture is at fault and why. */
    public void refuse(Exchange exchange) {
        String reason =
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage();
        Message message = exchange.getProperty(MESSAGE, Message.class);
        LOG.warn(
                "Route {} brought a picture of product {} that is refused: {}",
                exchange.getFromRouteId(),
                message.getHeader("product_id"),
                reason);
        exchange.setVariable("outcome", "refused");
        exchange.setVariable("refusal", reason);
    }

    /** Lets the source know that nothing was taken, by what went wrong. */
    public void fail(Exchange exchange) throws Exception {
        throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    }

    /** Gives the source its message back as it was. */
    public void giveBack(Exchange exchange) {
        exchange.setMessage((Message) exchange.removeProperty(MESSAGE));
    }
}
