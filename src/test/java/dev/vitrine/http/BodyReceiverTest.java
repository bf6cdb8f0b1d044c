package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that come byte by byte, to a server that is patient for half a second. */
class BodyReceiverTest {
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeEach
    void serve(@TempDir Path uploads) {
        Router router = Router.router(vertx);
        router.route()
                .handler(new BodyReceiver(
                        vertx,
                        uploads.toString(),
                        new FormLimits(1_000_000),
                        1_000,
                        Duration.ofMillis(500),
                        (context, go) -> context.end(context.body().asString())));
        router.errorHandler(
                408, context -> context.response().setStatusCode(408).end());
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(RunningVitrine.freePort(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Sends a byte every 50 ms until an answer comes. */
    private String drip(String head, int bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(50);
            byte[] answer = new byte[1_000];
            for (int i = 0; i < bytes; i++) {
                socket.getOutputStream().write('a');
                try {
                    int n = socket.getInputStream().read(answer);
                    return new String(answer, 0, n, StandardCharsets.US_ASCII);
                } catch (SocketTimeoutException notYet) {
                    // one more
                }
            }
            return "no answer";
        }
    }

    @Test
    void endsABodyThatComesTooSlowly() throws IOException {
        assertThat(drip("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", 100))
                .startsWith("HTTP/1.1 408");
        assertThat(drip(
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                                + "Content-Length: 900\r\n\r\n--b\r\n",
                        100))
                .startsWith("HTTP/1.1 408");
    }

    @Test
    void letsAShortBodyTakeItsTime() throws IOException {
        assertThat(drip("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", 100))
                .startsWith("HTTP/1.1 200")
                .endsWith("aaaaa");
    }
}
