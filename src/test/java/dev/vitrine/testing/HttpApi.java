package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vitrine.cli.MultipartBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The HTTP interface as a shop's backend sees it. */
public final class HttpApi {
    private static final ObjectMapper JSON = new ObjectMapper();

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
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public HttpApi(String url) {
        this.url = url;
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public Answer postJson(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /** Sends a body of any kind. */
    public Answer post(String path, String contentType, byte[] body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    public Answer postForm(String path, MultipartBody form) {
        return send(request(path).header("Content-Type", form.contentType()).POST(form.publisher()));
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
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
    }

    private Answer send(HttpRequest.Builder request) {
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response, (System.nanoTime() - start) / 1_000_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
