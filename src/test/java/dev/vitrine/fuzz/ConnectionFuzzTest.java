package dev.vitrine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.fuzz.RequestSeeds.Seed;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are slow, half closed or reset, many at once, keep nobody else waiting and nothing open. */
@Tag("fuzz")
@Timeout(300)
class ConnectionFuzzTest {
    private static final int FEW = 100; // more than Usage allows to stay open

    @TempDir
    static Path data;

    private static RunningVitrine service;
    private static RawHttp http;
    private static byte[] upload;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of());
        http = new RawHttp(service.settings().http().url());
        service.awaitStatus(service.api().upload("known", Pictures.jpeg(1)).text("job_id"), "completed");
        Seed seed = RequestSeeds.forms().get(0);
        upload = RawHttp.request(seed.line(), "Content-Type: " + seed.contentType() + "\r\n", seed.text());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void assertOthersAreServed() {
        Answer search = service.api().searchByPicture(Pictures.jpeg(1));
        assertThat(search.status()).isEqualTo(200);
        assertThat(search.millis()).isLessThan(5_000);
        assertThat(service.api().get("/observe/health/live").status()).isEqualTo(200);
    }

    /** What a client does with its connection, in the middle of an upload. */
    @FunctionalInterface
    private interface Manner {
        void behave(Socket socket, Random random) throws IOException;
    }

    private static void all(Manner manner) throws Exception {
        Usage before = Usage.now();
        List<Socket> sockets = new ArrayList<>();
        try {
            int count = Fuzz.count("connections", FEW);
            for (int i = 0; i < count; i++) {
                try {
                    Socket socket = http.connect();
                    sockets.add(socket);
                    manner.behave(socket, new Random(Fuzz.seed() + i));
                } catch (IOException closed) {
                    // a service may close what it has no room for
                }
                if (i % 200 == 0) {
                    assertOthersAreServed();
                }
            }
            assertOthersAreServed();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertOthersAreServed();
        before.awaitNoMore(service);
        Awaitility.await("files of requests are gone")
                .untilAsserted(() -> assertThat(RunningVitrine.names(data.resolve("uploads")))
                        .isEmpty());
    }

    private static void write(Socket socket, int from, int to) throws IOException {
        socket.getOutputStream().write(upload, from, to - from);
    }

    @Test
    void thatSayNothing() throws Exception {
        all((socket, random) -> {});
    }

    @Test
    void thatStopInTheMiddle() throws Exception {
        all((socket, random) -> write(socket, 0, random.nextInt(upload.length)));
    }

    @Test
    void thatAreHalfClosedInTheMiddle() throws Exception {
        all((socket, random) -> {
            write(socket, 0, random.nextInt(upload.length));
            socket.shutdownOutput();
        });
    }

    @Test
    void thatAreResetInTheMiddle() throws Exception {
        all((socket, random) -> {
            write(socket, 0, random.nextInt(upload.length));
            socket.setSoLinger(true, 0);
            socket.close();
        });
    }

    @Test
    void thatSendByteByByte() throws Exception {
        all((socket, random) -> {
            int at = random.nextInt(upload.length - 50);
            write(socket, 0, at);
            for (int i = 0; i < 50; i++) {
                write(socket, at + i, at + i + 1);
            }
        });
    }

    @Test
    void thatAskAndDoNotRead() throws Exception {
        byte[] ask = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .repeat(20)
                .getBytes(StandardCharsets.US_ASCII);
        all((socket, random) -> {
            socket.setReceiveBufferSize(1_024);
            socket.getOutputStream().write(ask);
        });
    }

    @Test
    void thatSendAllAndHangUp() throws Exception {
        all((socket, random) -> {
            write(socket, 0, upload.length);
            socket.close();
        });
    }

    @Test
    void thatSendAllAndAreHalfClosed() throws Exception {
        all((socket, random) -> {
            write(socket, 0, upload.length);
            socket.shutdownOutput();
        });
    }

    /** The form is longer than it says: the file in it never ends, and what comes behind it is no request. */
    @Test
    void thatSendMoreThanTheySayAndHangUp() throws Exception {
        String text = new String(upload, StandardCharsets.ISO_8859_1);
        Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(text);
        assertThat(length.find()).isTrue();
        byte[] more = length.replaceFirst("Content-Length: " + (Integer.parseInt(length.group(1)) - 10))
                .getBytes(StandardCharsets.ISO_8859_1);
        all((socket, random) -> {
            socket.getOutputStream().write(more);
            socket.setSoTimeout(50);
            try {
                socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                socket.shutdownOutput();
            }
        });
    }
}
