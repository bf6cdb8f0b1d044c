package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.http.tls.TlsFiles;
import dev.vitrine.testing.Certificates;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.TrustAll;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service over HTTPS, by HTTP/1.1 and by HTTP/2: the same answers, the same rules. */
class HttpsTest {
    /** Of one connection at once; the server allows 100, and this client fails by itself beyond what is allowed. */
    private static final int STREAMS = 90;

    private static RunningVitrine service;
    private static URI url;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TlsFiles files = Certificates.make(folder, "shop.example")
                .write(new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key")));
        service = RunningVitrine.start(
                folder.resolve("data"),
                Map.of(
                        "VITRINE_ROLE",
                        "api",
                        "VITRINE_TLS_CERT",
                        files.certificate().toString(),
                        "VITRINE_TLS_KEY",
                        files.key().toString()));
        url = URI.create(service.settings().http().url());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path));
    }

    /** A body whose length the head does not say. */
    private static BodyPublisher unsized(byte[] body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
    }

    private static MultipartBody upload(String productId) {
        return new MultipartBody()
                .field("product_id", productId)
                .field("name", "Mug")
                .file("image_file", "mug.jpg", Pictures.jpeg(1));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void takesUploadsAndAnswersWhatIsAsked(Version version) throws Exception {
        HttpClient client = TrustAll.client(version);
        HttpResponse<String> ready = send(client, request("/observe/health/ready"));
        assertThat(ready.version()).isEqualTo(version);
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);

        for (boolean sized : List.of(true, false)) {
            MultipartBody form = upload("mug-" + version + sized);
            HttpResponse<String> answer = send(
                    client,
                    request("/index-product-with-image")
                            .header("Content-Type", form.contentType())
                            .POST(
                                    sized
                                            ? BodyPublishers.ofByteArray(form.toByteArray())
                                            : unsized(form.toByteArray())));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
        assertThat(send(client, request("/stats").method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(client, request("/nowhere")).statusCode()).isEqualTo(404);
        assertThat(send(client, request("/stats").DELETE()).statusCode()).isEqualTo(405);
        assertThat(service.keptFiles()).noneMatch(name -> name.startsWith("upload"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void refusesBodiesByTheSameRules(Version version) throws Exception {
        HttpClient client = TrustAll.client(version);
        for (boolean sized : List.of(true, false)) {
            byte[] large = new byte[100_000];
            HttpResponse<String> tooLarge = send(
                    client,
                    request("/search")
                            .header("Content-Type", "application/json")
                            .POST(sized ? BodyPublishers.ofByteArray(large) : unsized(large)));
            assertThat(tooLarge.statusCode()).as(tooLarge.body()).isEqualTo(413);
            assertThat(tooLarge.body()).contains("VITRINE_MAX_BODY");

            byte[] form = "no boundary".getBytes(StandardCharsets.UTF_8);
            HttpResponse<String> noBoundary = send(
                    client,
                    request("/index-product-with-image")
                            .header("Content-Type", "multipart/form-data")
                            .POST(sized ? BodyPublishers.ofByteArray(form) : unsized(form)));
            assertThat(noBoundary.statusCode()).as(noBoundary.body()).isEqualTo(400);

            HttpResponse<String> packed = send(
                    client,
                    request("/search")
                            .header("Content-Type", "application/json")
                            .header("Content-Encoding", "gzip")
                            .POST(sized ? BodyPublishers.ofByteArray(form) : unsized(form)));
            assertThat(packed.statusCode()).as(packed.body()).isEqualTo(415);
        }
        assertThat(send(client, request("/stats")).statusCode()).isEqualTo(200);
    }

    @Test
    void servesManyRequestsOfOneConnectionAtOnce() throws Exception {
        HttpClient client = TrustAll.client(Version.HTTP_2);
        send(client, request("/stats")); // makes the connection
        for (int wave = 0; wave < 2; wave++) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, STREAMS)
                    .mapToObj(i -> client.sendAsync(
                            request("/products/none-" + i)
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            BodyHandlers.ofString()))
                    .toList();
            answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(404));
        }
    }

    @Test
    void keepsPagesOutWhoseNameWasMadeToPointHereByHttp2Too() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpClientResponse answer = vertx.createHttpClient(new HttpClientOptions()
                            .setSsl(true)
                            .setTrustAll(true)
                            .setVerifyHost(false)
                            .setUseAlpn(true)
                            .setProtocolVersion(HttpVersion.HTTP_2))
                    .request(new RequestOptions()
                            .setServer(io.vertx.core.net.SocketAddress.inetSocketAddress(url.getPort(), url.getHost()))
                            .setHost("rebound.example")
                            .setPort(url.getPort())
                            .setMethod(HttpMethod.GET)
                            .setURI("/stats"))
                    .compose(request -> request.send(Buffer.buffer()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(403);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void closesWhatSpeaksNoTls() throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void countsHowLongItsCertificateIsValidStill() throws Exception {
        HttpResponse<String> metrics = send(TrustAll.client(Version.HTTP_2), request("/observe/metrics"));
        assertThat(metrics.body()).containsPattern("vitrine_tls_certificate_remaining_seconds \\d");
        await().until(() -> send(TrustAll.client(Version.HTTP_1_1), request("/observe/health"))
                .body()
                .contains("tls"));
    }
}
