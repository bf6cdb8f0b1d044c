package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gate in front of a real server with one route, which answers when the test lets it. */
class HttpGateTest {
    private static final Duration AT_ONCE = Duration.ofMillis(200);

    private final HttpGate gate = new HttpGate();
    private final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final AtomicInteger atTheGate = new AtomicInteger();
    private final AtomicInteger inTheRoute = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();
    private Vertx vertx;
    private HttpServer server;

    @BeforeEach
    void serve() {
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route("/observe/health").handler(request -> request.end("UP"));
        router.route().handler(request -> {
            request.addEndHandler(end -> gone.incrementAndGet());
            atTheGate.incrementAndGet();
            gate.enter(vertx, request, () -> route(request));
        });
        server = vertx.createHttpServer()
                .requestHandler(request -> gate.arrive(vertx, request, router, late -> late.response()
                        .setStatusCode(503)
                        .end()))
                .listen(RunningVitrine.freePort(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void route(RoutingContext request) {
        inTheRoute.incrementAndGet();
        answer.thenRun(() -> vertx.runOnContext(go -> request.end("done")));
    }

    private CompletableFuture<HttpResponse<String>> ask(String path) {
        URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + path);
        return http.sendAsync(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    /** A client that asks and is ready to hang up. */
    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.actualPort());
        socket.getOutputStream().write("GET /work HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void waitsForWhoIsInside() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = ask("/work");
        await().until(() -> inTheRoute.get() == 1);

        assertThat(gate.hold(AT_ONCE)).isFalse();
        answer.complete(null);
        assertThat(asked.join().body()).isEqualTo("done");
        assertThat(gate.hold(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void keepsWhoComesLaterUntilItOpens() throws Exception {
        answer.complete(null);
        assertThat(gate.hold(AT_ONCE)).isTrue();
        CompletableFuture<HttpResponse<String>> asked = ask("/work");
        assertThat(ask("/observe/health").join().body()).isEqualTo("UP");
        assertThat(asked).isNotDone();
        assertThat(inTheRoute).hasValue(0);

        gate.open();
        assertThat(asked.join().body()).isEqualTo("done");
    }

    @Test
    void forgetsAClientThatHangsUpInTheRoute() throws Exception {
        try (Socket client = connect()) {
            await().until(() -> inTheRoute.get() == 1);
        }
        assertThat(gate.hold(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void forgetsAClientThatHangsUpWhileItWaitsToEnter() throws Exception {
        // In front of the gate's second door: its body was complete when the gate shut.
        Router router = Router.router(vertx);
        router.route().handler(request -> {
            request.addEndHandler(end -> gone.incrementAndGet());
            gate.enter(vertx, request, () -> route(request));
            atTheGate.incrementAndGet();
        });
        HttpServer open = vertx.createHttpServer()
                .requestHandler(router)
                .listen(RunningVitrine.freePort(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        assertThat(gate.hold(AT_ONCE)).isTrue();
        try (Socket client = new Socket("127.0.0.1", open.actualPort())) {
            client.getOutputStream().write("GET /work HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> atTheGate.get() == 1);
        }
        await().until(() -> gone.get() == 1);

        gate.open();
        answer.complete(null);
        assertThat(ask("/work").join().body()).isEqualTo("done");
        assertThat(gate.hold(Duration.ofSeconds(2))).isTrue();
    }
}
