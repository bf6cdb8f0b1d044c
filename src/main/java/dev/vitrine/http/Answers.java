package dev.vitrine.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Gives an answer its status and headers. */
public final class Answers {

    /**
     * Replaces all headers, or the fields of the request would come back as headers of the answer. The route says what
     * differs from a plain 200 in the variables {@code status}, {@code location}, {@code retryAfter} and {@code
     * contentType}.
     */
    public void prepare(Exchange exchange) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, variable(exchange, "status", "200"));
        answer.setHeader(Exchange.CONTENT_TYPE, variable(exchange, "contentType", "application/json"));
        answer.setHeader("Location", variable(exchange, "location", null));
        answer.setHeader("Retry-After", variable(exchange, "retryAfter", null));
    }

    /** Ends the body with a newline. The server sends a buffer at once, where it would have a thread read a byte array. */
    public ByteBuffer end(@Body byte[] body) {
        byte[] ended = Arrays.copyOf(body, body.length + 1);
        ended[body.length] = '\n';
        return ByteBuffer.wrap(ended);
    }

    private static String variable(Exchange exchange, String name, String fallback) {
        String value = exchange.getVariable(name, String.class);
        return value == null || value.isEmpty() ? fallback : value;
    }
}
