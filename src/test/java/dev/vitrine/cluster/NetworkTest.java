package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network that the tests of several machines stand on. */
@Tag("cluster")
class NetworkTest {
    private static final int PORT = 8000;
    private static final int BODY = 60_000;

    private static Network network;

    /** Runs on a host: answers with its host's address and many bytes. */
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(arguments[0], PORT), 10);
        byte[] body = (arguments[0] + " ".repeat(BODY)).getBytes();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @BeforeAll
    static void startTwoHosts() throws IOException {
        network = Network.open();
        serve(network.host("one"));
        serve(network.host("two"));
    }

    @AfterAll
    static void leavesNothing() {
        if (network != null) {
            network.close();
            assertThat(network.left()).isEmpty();
        }
    }

    @Test
    void hostsAreReachedThroughDoors() throws Exception {
        assertThat(ask(network.host("one").door(PORT)))
                .isEqualTo(network.host("one").address());
        assertThat(ask(network.host("two").door(PORT)))
                .isEqualTo(network.host("two").address());
    }

    @Test
    void aDoorToTwoHostsOpensAtTheOtherWhereOneIsCut() throws Exception {
        Host cut = network.host("one");
        int both = network.doors()
                .to(List.of(cut.address() + ":" + PORT, network.host("two").address() + ":" + PORT));
        cut.cable().cut();
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(both)).isEqualTo(network.host("two").address());
            }
            assertThatThrownBy(() -> ask(cut.door(PORT))).isInstanceOf(IOException.class);
        } finally {
            cut.cable().mend();
        }
        assertThat(ask(cut.door(PORT))).isEqualTo(cut.address());
    }

    @Test
    void aSlowCableIsSlowUntilItIsMended() throws Exception {
        Host slow = network.host("two");
        ask(slow.door(PORT));
        long usual = millis(slow);
        slow.cable().slow();
        long slowed = millis(slow);
        slow.cable().mend();

        assertThat(slowed).isGreaterThan(200).isGreaterThan(2 * usual);
        assertThat(millis(slow)).isLessThan(slowed / 2);
    }

    @Test
    void namesAreTheRunsOwn() {
        assertThat(network.left())
                .hasSize(4)
                .allMatch(name -> name.contains("-" + ProcessHandle.current().pid() + "-"));
    }

    @Test
    void whatAKilledRunLeftIsRemovedWithItsProcesses() throws Exception {
        Process run = new ProcessBuilder("true").start();
        run.waitFor();
        String left = "vitrine-test-" + run.pid() + "-left";
        Network.run(List.of("ip", "netns", "add", left));
        Process process = new ProcessBuilder("ip", "netns", "exec", left, "sleep", "60").start();
        await().until(() -> Network.run(List.of("ip", "netns", "pids", left)).contains("" + process.pid()));

        Network.sweep();

        assertThat(Network.run(List.of("ip", "netns", "list"))).doesNotContain(left);
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(network.left()).as("those of this run").hasSize(4);
    }

    private long millis(Host host) throws Exception {
        long start = System.nanoTime();
        ask(host.door(PORT));
        return (System.nanoTime() - start) / 1_000_000;
    }

    private String ask(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body()
                .strip();
    }

    private static void serve(Host host) throws IOException {
        new ProcessBuilder(host.command(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NetworkTest.class.getName(),
                        host.address())))
                .inheritIO()
                .start();
        int door = host.door(PORT);
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door + "/"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }
}
