package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/** Talks to a running service over HTTP. */
final class ServiceClient {

    /** An answer: its status and its JSON body, missing where there is none. */
    record Answer(int status, JsonNode body, HttpHeaders headers) {
        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** What the problem document says. */
        String detail() {
            return body.path("detail").asText("HTTP " + status);
        }
    }

    private final String url;
    private final String key;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();

    /** Of a service that needs no key. */
    ServiceClient(String url) {
        this(url, null);
    }

    /** @param key what to send as the key; null for none */
    ServiceClient(String url, String key) {
        this(url, key, null);
    }

    /** @param trust whom to take for the service over HTTPS; null for whom this machine trusts */
    ServiceClient(String url, String key, SSLContext trust) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
        this.http = (trust == null ? builder : builder.sslContext(trust)).build();
        this.key = key;
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    String url() {
        return url;
    }

    Answer get(String path) throws CommandFailedException {
        return send(request(path).GET());
    }

    Answer post(String path, String contentType, byte[] body) throws CommandFailedException {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    Answer post(String path, Object body) throws CommandFailedException {
        try {
            return send(request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
        } catch (IOException e) {
            throw new CommandFailedException("The request cannot be written: " + e.getMessage());
        }
    }

    Answer post(String path, MultipartBody body) throws CommandFailedException {
        return send(request(path).header("Content-Type", body.contentType()).POST(body.publisher()));
    }

    /** Uploads a picture; fields with a null value are left out. */
    Answer upload(Path picture, Map<String, String> fields) throws CommandFailedException {
        MultipartBody body = new MultipartBody();
        fields.forEach((name, value) -> {
            if (value != null) {
                body.field(name, value);
            }
        });
        return post("/index-product-with-image", withFile(body, picture));
    }

    /**
     * The same.
     *
     * @param once the {@code Idempotency-Key}
     */
    Answer upload(Path picture, Map<String, String> fields, String once) throws CommandFailedException {
        MultipartBody body = new MultipartBody();
        fields.forEach(body::field);
        HttpRequest.Builder request = request("/index-product-with-image")
                .header("Content-Type", body.contentType())
                .header("Idempotency-Key", '"' + once + '"');
        return send(request.POST(withFile(body, picture).publisher()));
    }

    Answer patch(String path, Object body) throws CommandFailedException {
        try {
            return send(request(path)
                    .header("Content-Type", "application/json")
                    .method("PATCH", BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
        } catch (IOException e) {
            throw new CommandFailedException("The request cannot be written: " + e.getMessage());
        }
    }

    Answer delete(String path) throws CommandFailedException {
        return send(request(path).DELETE());
    }

    Answer searchByPicture(Path picture, int limit) throws CommandFailedException {
        return post("/search", withFile(new MultipartBody().field("limit", Integer.toString(limit)), picture));
    }

    private static MultipartBody withFile(MultipartBody body, Path picture) throws CommandFailedException {
        try {
            return body.file("image_file", picture);
        } catch (IOException e) {
            throw new CommandFailedException("The picture " + picture + " cannot be read");
        }
    }

    /**
     * Copies an answer that may be of any length.
     *
     * @return the answer without its body where it is a success, and with the problem where it is none
     * @throws IOException when the stream cannot be written
     */
    Answer download(String path, OutputStream into) throws CommandFailedException, IOException {
        HttpResponse<InputStream> response = exchange(request(path).GET(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() / 100 != 2) {
                byte[] problem = body.readNBytes(64 * 1024);
                return new Answer(response.statusCode(), json.readTree(problem), response.headers());
            }
            byte[] buffer = new byte[64 * 1024];
            while (true) {
                int count;
                try {
                    count = body.read(buffer);
                } catch (IOException e) {
                    throw new CommandFailedException("The answer of " + url + " was cut off: " + e.getMessage());
                }
                if (count < 0) {
                    return new Answer(response.statusCode(), MissingNode.getInstance(), response.headers());
                }
                into.write(buffer, 0, count);
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(120));
        return key == null ? request : request.header("X-API-Key", key);
    }

    private Answer send(HttpRequest.Builder request) throws CommandFailedException {
        HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
        try {
            JsonNode body =
                    response.headers().firstValue("Content-Type").orElse("").contains("json")
                            ? json.readTree(response.body())
                            : MissingNode.getInstance();
            return new Answer(response.statusCode(), body, response.headers());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The service at " + url + " does not answer as expected: " + e.getMessage());
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws CommandFailedException {
        try {
            HttpResponse<T> response = http.send(request.build(), handler);
            if (response.statusCode() == 401) {
                throw new CommandFailedException("The service at " + url + " wants "
                        + (key == null ? "a key" : "another key than the one sent")
                        + "; give one with --key or VITRINE_API_KEY (./vitrine key create NAME makes one)");
            }
            return response;
        } catch (ConnectException e) {
            throw new CommandFailedException("No service answers at " + url + "; start it with ./vitrine start");
        } catch (SSLHandshakeException e) {
            throw new CommandFailedException("The certificate of " + url + " is not trusted: " + e.getMessage()
                    + "; give the authority's certificate with --cacert");
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The service at " + url + " does not answer as expected: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted");
        }
    }
}
