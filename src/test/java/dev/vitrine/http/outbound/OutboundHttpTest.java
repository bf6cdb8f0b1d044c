package dev.vitrine.http.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.http.tls.TlsFiles;
import dev.vitrine.testing.Certificates;
import dev.vitrine.testing.PictureServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to servers on this machine, under names that a resolver of the test knows. */
class OutboundHttpTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Vertx VERTX = Vertx.vertx();

    private final PictureServer server = new PictureServer();
    private final String port = server.host().split(":")[1];
    private final AtomicInteger questions = new AtomicInteger();

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void stopAll() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private OutboundHttp http(NameResolver names, String... hosts) {
        return new OutboundHttp(VERTX, new AllowedHosts("VITRINE_X", List.of(hosts), host -> {
            questions.incrementAndGet();
            return names.resolve(host);
        }));
    }

    private static OutboundAnswer get(OutboundHttp http, String url) throws IOException, InterruptedException {
        return http.send(OutboundRequest.get(URI.create(url), Map.of()), head -> Content.UNWANTED, LIMIT);
    }

    private static InetAddress[] loopback() throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }

    @Test
    void bringsTheRequestAsItIsAndTheAnswerAsItCame() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        server.put("/a b", request -> {
            seen.set(request.getRequestMethod() + " " + request.getRequestURI() + " "
                    + request.getRequestHeaders().getFirst("Host") + " "
                    + request.getRequestHeaders().getFirst("X-Mine") + " "
                    + new String(request.getRequestBody().readAllBytes(), UTF_8));
            request.getResponseHeaders().add("Retry-After", "7");
            request.sendResponseHeaders(503, 300_000);
            request.getResponseBody().write(new byte[300_000]);
        });
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        OutboundAnswer answer = http(host -> loopback(), "hook.example:" + port, "127.0.0.0/8")
                .send(
                        OutboundRequest.post(
                                URI.create("http://hook.example:" + port + "/a%20b?c=%2F"),
                                Map.of("X-Mine", "yes"),
                                "hé".getBytes(UTF_8)),
                        head -> body::writeBytes,
                        LIMIT);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).contains("7");
        assertThat(body.size()).isEqualTo(300_000);
        assertThat(seen).hasValue("POST /a%20b?c=%2F hook.example:" + port + " yes hé");
        assertThat(questions).hasValue(1);
    }

    /** A name whose owner answers the check with one address and the connection with another. */
    @Test
    void connectsToTheAddressThatWasCheckedAndAsksForNoOther() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        server.put("/", 200);
        OutboundHttp http = http(
                host -> new InetAddress[] {InetAddress.getByName(asked.getAndSet(true) ? "127.0.0.2" : "127.0.0.1")},
                "rebind.example:" + port,
                "127.0.0.1");
        assertThat(get(http, "http://rebind.example:" + port + "/").status()).isEqualTo(200);
        assertThatThrownBy(() -> get(http, "http://rebind.example:" + port + "/"))
                .isInstanceOf(ForbiddenUrlException.class)
                .hasMessageContaining("127.0.0.2");
        assertThat(questions).hasValue(2);
        assertThat(server.requests()).isOne();
    }

    @Test
    void followsNoRedirect() throws Exception {
        server.redirect("/away", "http://127.0.0.1:" + port + "/secret");
        assertThat(get(http(host -> loopback(), server.host()), server.url("/away"))
                        .status())
                .isEqualTo(302);
        assertThat(server.requests()).isOne();
    }

    @Test
    void triesTheNextAddressOfAHostWhereOneTakesNoConnection() throws Exception {
        server.put("/", 204);
        OutboundHttp http = http(
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.9"), InetAddress.getByName("127.0.0.1")},
                "two.example:" + port,
                "127.0.0.0/8");
        assertThat(get(http, "http://two.example:" + port + "/").status()).isEqualTo(204);
        server.close();
        assertThatThrownBy(() -> get(http, "http://two.example:" + port + "/")).isInstanceOf(ConnectException.class);
    }

    @Test
    void hangsUpOnAnAnswerThatTricklesPastTheLimit() {
        AtomicBoolean left = new AtomicBoolean();
        String slow = server.put("/slow", request -> {
            request.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    request.getResponseBody().write(1);
                    request.getResponseBody().flush();
                }
            } catch (IOException e) {
                left.set(true);
            }
        });
        OutboundHttp http = http(host -> loopback(), server.host());
        assertThatThrownBy(() -> http.send(
                        OutboundRequest.get(URI.create(slow), Map.of()), head -> part -> {}, Duration.ofMillis(300)))
                .isInstanceOf(SocketTimeoutException.class);
        await().untilTrue(left);
    }

    @Test
    void believesACertificateOfTheNameOnly(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.make(folder, "hook");
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        certificates.write(new TlsFiles(certificate, key));
        HttpServer https = VERTX.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(certificate.toString())
                                .setKeyPath(key.toString())))
                .requestHandler(request -> request.response().setStatusCode(204).end())
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        String at = ":" + https.actualPort();
        AllowedHosts hosts =
                new AllowedHosts("VITRINE_X", List.of("localhost" + at, "other.example" + at), host -> loopback());
        PemTrustOptions trust = new PemTrustOptions().addCertPath(certificate.toString());
        try (OutboundHttp http = new OutboundHttp(VERTX, hosts, trust);
                OutboundHttp stranger = new OutboundHttp(VERTX, hosts)) {
            assertThat(get(http, "https://localhost" + at + "/").status()).isEqualTo(204);
            assertThatThrownBy(() -> get(http, "https://other.example" + at + "/"))
                    .hasStackTraceContaining("other.example");
            assertThatThrownBy(() -> get(stranger, "https://localhost" + at + "/"))
                    .isInstanceOf(IOException.class);
        } finally {
            https.close();
        }
    }
}
