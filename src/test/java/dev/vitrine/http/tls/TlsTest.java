package dev.vitrine.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.testing.Certificates;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.TrustAll;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are served, and how new ones take over. */
class TlsTest {
    private static final Duration LOOK = Duration.ofMillis(50);

    @TempDir
    static Path made;

    @TempDir
    Path folder;

    private static Vertx vertx;
    private static Certificates first;
    private static Certificates second;
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void make() {
        vertx = Vertx.vertx();
        CompletableFuture<Certificates> other =
                CompletableFuture.supplyAsync(() -> Certificates.make(made, "second", "-keyalg", "RSA"));
        first = Certificates.make(made, "first");
        second = other.join();
    }

    @AfterAll
    static void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private TlsFiles files() {
        return new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    }

    private Tls tls() {
        return new Tls(files(), vertx, meters, Clock.systemUTC(), LOOK);
    }

    private static HttpServer serve(Tls tls) {
        HttpServerOptions options = new HttpServerOptions();
        tls.applyTo(options);
        return vertx.createHttpServer(options)
                .requestHandler(
                        request -> request.response().end(request.version().name()))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static String shown(HttpServer server) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) TrustAll.context().getSocketFactory().createSocket("127.0.0.1", server.actualPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    private static String principal(HttpResponse<?> answer) {
        try {
            return answer.sslSession().orElseThrow().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refuses(String certificate, String key, String... words) throws IOException {
        Files.writeString(files().certificate(), certificate);
        Files.writeString(files().key(), key);
        assertThatThrownBy(this::tls)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void saysWhatIsWrongWithFilesThatCannotBeServed() throws IOException {
        assertThatThrownBy(this::tls)
                .hasMessage("There is no file " + files().certificate() + "; correct VITRINE_TLS_CERT");
        refuses(first.certificatePem(), second.keyPem(), files().key().toString(), "made together");
        refuses(first.keyPem(), first.certificatePem(), files().certificate().toString(), "no readable certificates");
        refuses("", first.keyPem(), "no readable certificates");
        refuses(first.certificatePem(), "", files().key().toString(), "-----BEGIN PRIVATE KEY-----");
        refuses(first.certificatePem().substring(0, 200), first.keyPem(), "whole blocks");
        refuses(first.certificatePem(), first.keyPem().substring(0, 60), "cannot be read");
        refuses(first.certificatePem() + second.certificatePem(), first.keyPem(), "certificate 1 was not issued");
        refuses(first.certificatePem(), first.keyPem().replace("BEGIN", "BEGIN ENCRYPTED"), "passphrase");
    }

    @Test
    void servesANewCertificateWithoutDroppingAConnection() throws Exception {
        first.write(files());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        try (Tls tls = tls()) {
            HttpServer server = serve(tls);
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.actualPort()))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            List<CompletableFuture<Void>> clients = IntStream.range(0, 6)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        HttpClient.Version version =
                                i % 2 == 0 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
                        HttpClient client = TrustAll.client(version);
                        while (!over.get()) {
                            HttpResponse<String> answer = client.sendAsync(request, BodyHandlers.ofString())
                                    .join();
                            assertThat(answer.body()).isEqualTo(version.name());
                            // Only a connection of before any renewal has it.
                            assertThat(principal(answer)).isEqualTo("CN=first");
                            served.incrementAndGet();
                        }
                    }))
                    .toList();
            await().until(() -> served.get() > 100);
            for (Certificates next : List.of(second, first, second)) {
                next.write(files());
                String name = next.certificate().getSubjectX500Principal().getName();
                await().atMost(Duration.ofSeconds(20)).until(() -> shown(server).equals(name));
                int before = served.get();
                await().until(() -> served.get() > before + 100);
            }
            over.set(true);
            clients.forEach(CompletableFuture::join);
            assertThat(meters.counter("vitrine.tls.renewals", "result", "taken").count())
                    .isEqualTo(3);
        }
    }

    @Test
    void keepsTheCertificateOfBeforeWhereTheNewOneCannotBeServed() throws Exception {
        first.write(files());
        try (Tls tls = tls();
                LogLines log = new LogLines(Tls.class)) {
            HttpServer server = serve(tls);
            assertThatCode(tls::check).doesNotThrowAnyException();
            Certificates.replace(files().key(), second.keyPem());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(tls::check).hasMessageContaining("made together"));
            assertThat(log.messages())
                    .anyMatch(line -> line.contains("of before stays in use") && line.contains("first"));
            assertThat(shown(server)).isEqualTo("CN=first");
            assertThat(meters.counter("vitrine.tls.renewals", "result", "refused")
                            .count())
                    .isEqualTo(1);

            Files.delete(files().certificate());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(tls::check).hasMessageContaining("There is no file"));
            assertThat(shown(server)).isEqualTo("CN=first");

            second.write(files());
            await().atMost(Duration.ofSeconds(20)).until(() -> shown(server).equals("CN=second"));
            assertThatCode(tls::check).doesNotThrowAnyException();
        }
    }

    @Test
    void saysHowLongTheCertificateIsValidStill() {
        first.write(files());
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(80));
        try (Tls tls = new Tls(files(), vertx, meters, later)) {
            assertThat(meters.get("vitrine.tls.certificate.remaining").gauge().value())
                    .isBetween(9.9 * 86_400, 10.1 * 86_400);
            assertThatCode(tls::check).doesNotThrowAnyException();
        }
        try (Tls tls = new Tls(files(), vertx, meters, Clock.offset(Clock.systemUTC(), Duration.ofDays(91)))) {
            assertThatThrownBy(tls::check).hasMessageContaining("not valid today");
        }
    }
}
