package dev.vitrine.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.ParsedHeaderValues;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/** What the head of a request must say about its body. */
final class BodyRules {
    private BodyRules() {}

    static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("Content-Length")
                || request.headers().contains("Transfer-Encoding")
                // whose head need not say that there is one
                || request.version() == HttpVersion.HTTP_2 && !request.isEnded();
    }

    static boolean isForm(HttpServerRequest request) {
        return type(request).startsWith("multipart/form-data");
    }

    /**
     * Checks the head of a request that has a body.
     *
     * @throws ProblemException when the body cannot be read, whatever is in it
     */
    static void check(HttpServerRequest request, ParsedHeaderValues head) {
        if (request.headers().contains("Content-Length") && request.headers().contains("Transfer-Encoding")) {
            throw new ProblemException(
                    400, "The request gives both Content-Length and Transfer-Encoding; send one.", List.of());
        }
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    415,
                    "Content-Encoding " + printable(encoding) + " is not supported; send the body as it is.",
                    List.of());
        }
        String charset = head.contentType().parameter("charset");
        if (charset != null && !isKnown(charset)) {
            throw new ProblemException(
                    415, "The charset " + printable(charset) + " is not known; send UTF-8.", List.of());
        }
        if (!isForm(request)) {
            return;
        }
        String boundary = head.contentType().parameter("boundary");
        if (boundary == null || boundary.isBlank()) {
            throw new ProblemException(
                    400,
                    "The Content-Type has no boundary; let the HTTP library set it instead of writing"
                            + " multipart/form-data alone.",
                    List.of());
        }
        if (!List.of("POST", "PUT", "PATCH", "DELETE").contains(request.method().name())) {
            throw new ProblemException(400, "A form cannot be sent with " + request.method() + ".", List.of());
        }
    }

    private static boolean isKnown(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String type(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
    }

    private static String printable(String text) {
        return text.replaceAll("[^!-~]", "?");
    }
}
