package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.Contract.Got;
import dev.vitrine.testing.Contract.Sent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The HTTP interface as a shop's backend sees it. Every request must be one that the OpenAPI document allows, and every
 * answer one that it describes; who sends something else on purpose says so with {@link #offContract()}.
 */
public final class HttpApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = {};

    private enum Mode {
        ON_CONTRACT,
        OFF_CONTRACT,
        CHANGED_ROUTES
    }

    /** An answer. */
    public record Answer(HttpResponse<String> response, long millis) {
        public int status() {
            return response.statusCode();
        }

        public JsonNode body() {
            try {
                return header("Content-Type").contains("json")
                        ? JSON.readTree(response.body())
                        : MissingNode.getInstance();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A header's value, empty where it is missing. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** A text field of the JSON body. */
        public String text(String field) {
            return body().path(field).asText();
        }
    }

    private final String url;
    private final Mode mode;
    private final HttpClient http;
    private final Map<String, String> headers;

    public HttpApi(String url) {
        this(
                url,
                Mode.ON_CONTRACT,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build(),
                Map.of());
    }

    private HttpApi(String url, Mode mode, HttpClient http, Map<String, String> headers) {
        this.headers = headers;
        this.url = url;
        this.mode = mode;
        this.http = http;
    }

    /**
     * The same interface for requests that the document does not allow, or to paths of a site's own. Such a request to a
     * path of the document must be refused, or the document would forbid what is taken; answers are compared as ever.
     */
    public HttpApi offContract() {
        return new HttpApi(url, Mode.OFF_CONTRACT, http, headers);
    }

    /** The same interface with a header more. */
    public HttpApi with(String header, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(header, value);
        return new HttpApi(url, mode, http, all);
    }

    /** The same interface of a service whose routes the test has changed, so that nothing is compared. */
    public HttpApi ofChangedRoutes() {
        return new HttpApi(url, Mode.CHANGED_ROUTES, http, headers);
    }

    public Answer get(String path) {
        return send(request(path).GET(), NOTHING);
    }

    public Answer delete(String path) {
        return send(request(path).DELETE(), NOTHING);
    }

    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()), NOTHING);
    }

    /** Sends a change. */
    public Answer patch(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofByteArray(body)),
                body);
    }

    public Answer postJson(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a body of any kind. */
    public Answer post(String path, String contentType, byte[] body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)), body);
    }

    public Answer postForm(String path, MultipartBody form) {
        return post(path, form.contentType(), form.toByteArray());
    }

    /** Uploads a picture with the fields given. */
    public Answer upload(Map<String, String> fields, byte[] picture) {
        MultipartBody form = new MultipartBody();
        fields.forEach(form::field);
        return postForm("/index-product-with-image", form.file("image_file", "picture.jpg", picture));
    }

    /** Uploads a picture of a product. */
    public Answer upload(String productId, byte[] picture) {
        return upload(Map.of("product_id", productId, "name", "Product " + productId), picture);
    }

    public Answer searchByPicture(byte[] picture) {
        return postForm("/search", new MultipartBody().file("image_file", "query.jpg", picture));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        return request;
    }

    private Answer send(HttpRequest.Builder builder, byte[] body) {
        HttpRequest request = builder.build();
        Sent sent = new Sent(request.method(), request.uri(), request.headers(), body);
        List<String> faults = Contract.get().faults(sent);
        if (mode == Mode.ON_CONTRACT && !faults.isEmpty()) {
            throw fail(sent, "is not as the OpenAPI document says; is it meant to be, offContract()?", faults);
        }
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            Answer answer = new Answer(response, (System.nanoTime() - start) / 1_000_000);
            if (mode != Mode.CHANGED_ROUTES) {
                check(sent, faults, answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void check(Sent sent, List<String> faults, Answer answer) {
        HttpResponse<String> response = answer.response();
        Got got = new Got(answer.status(), response.headers(), response.body());
        List<String> wrong = Contract.get().faults(sent, got);
        if (!wrong.isEmpty()) {
            throw fail(sent, "is answered as the OpenAPI document does not say: " + response + response.body(), wrong);
        }
        if (!faults.isEmpty() && answer.status() < 400 && Contract.get().has(sent)) {
            throw fail(sent, "is taken, which the OpenAPI document does not say", faults);
        }
    }

    private static AssertionError fail(Sent sent, String what, List<String> faults) {
        return new AssertionError(sent.method() + " " + sent.uri() + " " + what + ": " + String.join("; ", faults));
    }
}
