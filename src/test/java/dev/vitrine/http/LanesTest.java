package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes of two requests and two that wait, on a real server whose requests end when the test says so. */
class LanesTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<RoutingContext> inside = new ConcurrentLinkedQueue<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private Lanes lanes = new Lanes(2, 2, Duration.ofSeconds(20));
    private HttpServer server;

    @BeforeEach
    void serve() {
        Router router = Router.router(vertx);
        router.route().handler(request -> {
            request.addEndHandler(end -> gone.incrementAndGet());
            lanes.enter(vertx, request.request().path(), request, () -> inside.add(request), () -> request.response()
                    .setStatusCode(503)
                    .end());
            arrived.incrementAndGet();
        });
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

    private CompletableFuture<Integer> ask(String path) {
        int before = arrived.get();
        CompletableFuture<Integer> status = http.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                                .build(),
                        BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
        await().until(() -> arrived.get() > before);
        return status;
    }

    private void endOne() {
        RoutingContext request = inside.remove();
        request.vertx().runOnContext(go -> request.end());
        lanes.leave(request.request().path());
    }

    @Test
    void letsSoManyInAndSoManyWait() {
        CompletableFuture<Integer> first = ask("/a");
        ask("/a");
        CompletableFuture<Integer> third = ask("/a");
        ask("/a");
        assertThat(ask("/a").join()).isEqualTo(503);
        assertThat(inside).hasSize(2);

        CompletableFuture<Integer> other = ask("/b");
        assertThat(inside).hasSize(3);

        endOne();
        assertThat(first.join()).isEqualTo(200);
        await().until(() -> inside.size() == 3);
        assertThat(third).isNotDone();
        endOne();
        endOne();
        endOne();
        assertThat(third.join() + other.join()).isEqualTo(400);
    }

    @Test
    void tellsOneThatWaitsTooLongToComeBack() {
        lanes = new Lanes(1, 2, Duration.ofMillis(100));
        ask("/a");
        assertThat(ask("/a").join()).isEqualTo(503);
        endOne();
        ask("/a");
        assertThat(inside).hasSize(1);
    }

    @Test
    void forgetsOneThatHangsUpWhileItWaits() throws Exception {
        lanes = new Lanes(1, 1, Duration.ofSeconds(20));
        ask("/a");
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            client.getOutputStream().write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> arrived.get() == 2);
            assertThat(ask("/a").join()).isEqualTo(503);
        }
        await().until(() -> gone.get() == 2);
        CompletableFuture<Integer> next = ask("/a");
        assertThat(next).isNotDone();
        endOne();
        await().until(() -> inside.size() == 1);
        endOne();
        assertThat(next.join()).isEqualTo(200);
    }
}
