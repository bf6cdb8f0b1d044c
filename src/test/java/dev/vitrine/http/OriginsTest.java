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

    private static Origins origins(boolean keys, String bound, String... listed) {
        return new Origins(bound, List.of(listed), new Cors(List.of("https://Partner.example:443")), () -> keys);
    }

    @Test
    void withoutKeysGoesByTheNamesOfTheMachine() throws IOException {
        origins = origins(false, "127.0.0.1");
        assertThat(serves("GET", "localhost:8080")).isTrue();
        assertThat(serves("GET", "shop.example")).isFalse();
        origins = origins(false, "127.0.0.2");
        assertThat(serves("GET", "127.0.0.2:8080")).isTrue();
        assertThat(serves("POST", "127.0.0.2:8080", "Origin: http://127.0.0.2:8080"))
                .isTrue();
        assertThat(serves("POST", "127.0.0.2:8080", "Origin: http://127.0.0.2:9000"))
                .as("another port is another's")
                .isFalse();
    }

    @Test
    void withKeysGoesByAnyNameUnlessNamesAreListed() throws IOException {
        for (String bound : List.of("0.0.0.0", "127.0.0.1")) {
            origins = origins(true, bound);
            assertThat(serves("GET", "pictures.example")).isTrue();
            assertThat(serves("POST", "vitrine:8080", "Origin: http://vitrine:8080"))
                    .isTrue();
            assertThat(serves("POST", "vitrine:8080", "Origin: http://shop.example"))
                    .isFalse();
            assertThat(serves("POST", "vitrine:8080", "Sec-Fetch-Site: cross-site"))
                    .isFalse();
            assertThat(serves("POST", "vitrine:8080", "Sec-Fetch-Site: same-origin"))
                    .isTrue();
            origins = origins(true, bound, "pictures.example");
            assertThat(serves("GET", "pictures.example")).isTrue();
            assertThat(serves("GET", "evil.example")).isFalse();
        }
    }

    @Test
    void aProxyMayAskByAnotherNameThanTheBrowser() throws IOException {
        // As nginx does by default: Host is the address that it passes to.
        origins = origins(true, "127.0.0.1");
        assertThat(serves("POST", "127.0.0.1:8080", "Origin: https://pictures.example", "Sec-Fetch-Site: same-origin"))
                .isTrue();
        assertThat(serves("POST", "127.0.0.1:8080", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"))
                .isFalse();
    }

    @Test
    void goesByTheNamesThatAreListed() throws IOException {
        for (String bound : List.of("0.0.0.0", "127.0.0.1", "::1")) {
            origins = origins(false, bound, "Shop.example");
            assertThat(serves("GET", "shop.example")).isTrue();
            assertThat(serves("GET", "SHOP.example:443")).isTrue();
            assertThat(serves("GET", "localhost")).isTrue();
            assertThat(serves("GET", "evil.example")).isFalse();
            // A proxy in front may name the service otherwise than the browser does.
            assertThat(serves("POST", "localhost:8080", "Origin: https://shop.example"))
                    .isTrue();
            assertThat(serves("POST", "localhost:8080", "Origin: https://shop.example:9000"))
                    .isFalse();
            assertThat(serves("POST", "localhost:8080", "Origin: https://evil.example"))
                    .isFalse();
            assertThat(serves("POST", "localhost:8080", "Origin: not a:url")).isFalse();
        }
    }

    @Test
    void pagesOfOthersMayOnlyLinkHere() throws IOException {
        origins = origins(false, "127.0.0.1");
        for (String site : List.of("cross-site", "same-site")) {
            String from = "Sec-Fetch-Site: " + site;
            assertThat(serves("GET", "localhost", from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))
                    .isTrue();
            assertThat(serves("GET", "localhost", from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"))
                    .isFalse();
            assertThat(serves("GET", "localhost", from, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"))
                    .isFalse();
            assertThat(serves("POST", "localhost", from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))
                    .isFalse();
        }
        assertThat(serves("GET", "localhost", "Origin: http://localhost:3000")).isFalse();
        assertThat(serves("GET", "localhost", "Sec-Fetch-Site: same-origin")).isTrue();
        assertThat(serves("GET", "localhost", "Sec-Fetch-Site: none")).isTrue();
    }

    @Test
    void pagesOfListedOriginsAreServed() throws IOException {
        origins = origins(false, "127.0.0.1");
        for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
            assertThat(serves(method, "localhost", "Origin: https://partner.example", "Sec-Fetch-Site: cross-site"))
                    .isTrue();
            for (String other : List.of("http://partner.example", "https://partner.example:444", "null")) {
                assertThat(serves(method, "localhost", "Origin: " + other)).isFalse();
            }
        }
        assertThat(serves("GET", "evil.example", "Origin: https://partner.example"))
                .as("a listed origin makes no name known")
                .isFalse();
    }
}
