package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RunningVitrine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request hears before its body is read: that its key, its size or its rate is not taken, or that it may go on. */
class RateLimitTest {
    private static final String KEY = "a-key-of-the-operator";
    private static final int LIMIT = 30;

    private static RunningVitrine service;
    private static URI url;

    @BeforeAll
    static void start(@TempDir Path data) {
        service = RunningVitrine.start(
                data, Map.of("VITRINE_ROLE", "api", "VITRINE_API_KEY", KEY, "VITRINE_RATE_LIMIT", LIMIT + "/h"));
        url = URI.create(service.settings().http().url());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Sends a head alone, and gives what comes back within a second. */
    private static String head(String... lines) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            try {
                for (int b = in.read(); b >= 0; b = in.read()) {
                    answer.write(b);
                }
            } catch (SocketTimeoutException e) {
                // all that comes while the server waits for the body
            }
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }

    private static String upload(String key, long bytes) throws IOException {
        return head(
                "POST /index-product-with-image HTTP/1.1",
                "Content-Type: multipart/form-data; boundary=x",
                "Content-Length: " + bytes,
                "Expect: 100-continue",
                "X-API-Key: " + key);
    }

    @Test
    void refusesBeforeTheBodyWhatItWillNotTake() throws IOException {
        assertThat(upload("a-key-that-nobody-has", 1_000))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nConnection: close\r\n")
                .doesNotContain("100 Continue");
        assertThat(upload(KEY, 1_000_000_000_000L))
                .startsWith("HTTP/1.1 413 ")
                .contains("\r\nConnection: close\r\n")
                .doesNotContain("100 Continue");
        assertThat(upload(KEY, 1_000)).startsWith("HTTP/1.1 100 Continue");

        HttpApi api = new HttpApi(url.toString()).ofChangedRoutes();
        HttpApi.Answer open = api.get("/docs/");
        assertThat(open.header("RateLimit-Policy")).isEqualTo("\"requests\";q=" + LIMIT + ";w=3600");
        assertThat(open.header("RateLimit")).matches("\"requests\";r=2\\d;t=\\d+");
        String last = "";
        for (int i = 0; i < LIMIT; i++) {
            last = head("GET /stats HTTP/1.1", "Connection: close", "X-API-Key: " + KEY);
        }
        assertThat(last)
                .startsWith("HTTP/1.1 429 ")
                .containsPattern("\r\nRetry-After: 1[01]\\d\r\n")
                .containsPattern("\r\nRateLimit: \"requests\";r=0;t=3600\r\n")
                .contains("VITRINE_RATE_LIMIT");
        assertThat(upload(KEY, 1_000))
                .startsWith("HTTP/1.1 429 ")
                .contains("\r\nConnection: close\r\n")
                .doesNotContain("100 Continue");
        assertThat(head("GET /observe/health/live HTTP/1.1", "Connection: close"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(head("GET /observe/metrics HTTP/1.1", "Connection: close"))
                .contains("vitrine_rate_refused_total{key=\"VITRINE_API_KEY\"}");
        // An address without a key has requests of its own.
        assertThat(api.get("/docs/").status()).isNotEqualTo(429);
    }
}
