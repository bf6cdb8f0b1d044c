package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two connections at most, on a real server that does not answer. */
class ConnectionsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Connections connections = new Connections(2);
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void serve() {
        server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(connection -> {
                    connections.opened(connection);
                    opened.incrementAndGet();
                })
                .requestHandler(request -> {
                    connections.began(request.connection());
                    busy.incrementAndGet();
                })
                .listen(RunningVitrine.freePort(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Socket connect() throws IOException {
        int before = opened.get();
        Socket socket = new Socket("127.0.0.1", server.actualPort());
        socket.setSoTimeout(5_000);
        await().until(() -> opened.get() > before);
        return socket;
    }

    private Socket ask() throws IOException {
        int before = busy.get();
        Socket socket = connect();
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        await().until(() -> busy.get() > before);
        return socket;
    }

    private static boolean isClosed(Socket socket) throws IOException {
        return socket.getInputStream().read() < 0;
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return !isClosed(socket);
        } catch (SocketTimeoutException nothing) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void makesRoomByTheOneThatIsIdleLongest() throws IOException {
        try (Socket busyOne = ask();
                Socket idle = connect();
                Socket third = ask()) {
            assertThat(isClosed(idle)).isTrue();
            try (Socket fourth = connect()) {
                assertThat(isClosed(fourth)).isTrue();
            }
            busyOne.close();
            await().until(() -> {
                try (Socket again = connect()) {
                    again.setSoTimeout(100);
                    return !isClosed(again);
                } catch (IOException stillOpen) {
                    return true;
                }
            });
            assertThat(third.isClosed()).isFalse();
        }
    }

    @Test
    void closesWhoSendsNoRequest() throws IOException {
        try (Socket silent = connect();
                Socket busyOne = ask()) {
            silent.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
            connections.closeIdle(0);
            assertThat(isClosed(silent)).isTrue();
            busyOne.setSoTimeout(100);
            assertThat(catchThrowable(() -> isClosed(busyOne))).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void forgetsOneThatEndsWhileARequestWaitsBehindAnother() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (Socket socket = ask()) {
                socket.getOutputStream()
                        .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        await().until(() -> {
            try (Socket again = connect()) {
                again.setSoTimeout(100);
                return !isClosed(again);
            } catch (SocketTimeoutException open) {
                return true;
            } catch (IOException reset) {
                return false;
            }
        });
    }

    @Test
    void dropsABurstWhereItIsAccepted() throws IOException {
        connect().close();
        List<Socket> burst = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            burst.add(new Socket("127.0.0.1", server.actualPort()));
        }
        await().untilAsserted(() ->
                assertThat(burst).filteredOn(ConnectionsTest::isOpen).hasSizeLessThanOrEqualTo(2));
        for (Socket socket : burst) {
            socket.close();
        }
        await().until(() -> {
            try (Socket again = connect()) {
                again.setSoTimeout(50);
                return !isClosed(again);
            } catch (SocketTimeoutException open) {
                return true;
            }
        });
    }

    @Test
    void leavesFilesForTheServiceItself() {
        assertThat(Connections.limit(1_200)).isEqualTo(400);
        assertThat(Connections.limit(256)).isEqualTo(32);
        assertThat(Connections.limit(1_048_576)).isEqualTo(10_000);
    }
}
