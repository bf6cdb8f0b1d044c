package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which names and pages a service accepts, by where it listens and what is listed. */
class OriginsTest {
    private static Vertx vertx;
    private static HttpServer server;
    private static Origins origins;

    @BeforeAll
    static void serve() {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer()
                .requestHandler(request ->
                        request.response().end(origins.refusal(request).isEmpty() ? "served" : "refused"))
                .listen(RunningVitrine.freePort(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static boolean serves(String method, String host, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            String head = method + " / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                    + String.join("\r\n", headers) + (headers.length > 0 ? "\r\n\r\n" : "\r\n");
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).endsWith("served");
        }
    }

    @Test
    void onTheLoopbackAddressGoesByTheNamesOfTheMachine() throws IOException {
        origins = new Origins("127.0.0.1", List.of());
        assertThat(serves("GET", "localhost:8080")).isTrue();
        assertThat(serves("GET", "shop.example")).isFalse();
    }

    @Test
    void onAnAddressThatOthersReachGoesByAnyName() throws IOException {
        origins = new Origins("0.0.0.0", List.of());
        assertThat(serves("GET", "vitrine:8080")).isTrue();
        assertThat(serves("POST", "vitrine:8080", "Origin: http://vitrine:8080"))
                .isTrue();
        assertThat(serves("POST", "vitrine:8080", "Origin: http://shop.example"))
                .isFalse();
        assertThat(serves("POST", "vitrine:8080", "Sec-Fetch-Site: cross-site")).isFalse();
        assertThat(serves("POST", "vitrine:8080", "Sec-Fetch-Site: same-origin"))
                .isTrue();
    }

    @Test
    void goesByTheNamesThatAreListed() throws IOException {
        for (String bound : List.of("0.0.0.0", "127.0.0.1", "::1")) {
            origins = new Origins(bound, List.of("Shop.example"));
            assertThat(serves("GET", "shop.example")).isTrue();
            assertThat(serves("GET", "SHOP.example:443")).isTrue();
            assertThat(serves("GET", "localhost")).isTrue();
            assertThat(serves("GET", "evil.example")).isFalse();
            // A proxy in front may name the service otherwise than the browser does.
            assertThat(serves("POST", "localhost:8080", "Origin: https://shop.example"))
                    .isTrue();
            assertThat(serves("POST", "localhost:8080", "Origin: https://evil.example"))
                    .isFalse();
            assertThat(serves("POST", "localhost:8080", "Origin: not a:url")).isFalse();
        }
    }
}
