package dev.vitrine.http.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key lets its holder do, at a service that has keys. */
class AccessTest {
    private static final String OPERATOR = "operators-key-0123456789";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static RunningVitrine service;
    private static String reader;
    private static String writer;
    private static String expired;
    private static String tenant;

    @BeforeAll
    static void start() throws Exception {
        KeysFile file = new KeysFile(folder.resolve("keys.json"));
        reader = add(file, "page", Role.READ, List.of(), null);
        writer = add(file, "backend", Role.WRITE, List.of(), null);
        expired = add(file, "last-year", Role.WRITE, List.of(), Instant.parse("2025-01-01T00:00:00Z"));
        tenant = add(file, "tenant", Role.WRITE, List.of("other"), null);
        service = RunningVitrine.start(
                folder.resolve("data"),
                Map.of(
                        "VITRINE_API_KEY",
                        OPERATOR,
                        "VITRINE_KEYS_FILE",
                        file.path().toString(),
                        "VITRINE_COLLECTIONS",
                        "other"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready"})
    void healthNeedsNone(String path) throws Exception {
        assertThat(get(path, null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jobs, READ",
        "GET, /stats, READ",
        "GET, /products/p, READ",
        "GET, /routes, READ",
        "GET, /export, ADMIN",
        "POST, /reindex, ADMIN",
        "POST, /search, READ",
        "POST, /index-product-with-image, WRITE",
        "DELETE, /products/p, WRITE",
        "POST, /jobs/x/retry, WRITE",
        "POST, /jobs/retry, WRITE",
        "PUT, /anything, WRITE",
        "GET, /nothing/here, READ",
        "GET, /web/../jobs, READ",
        "GET, /web/%2e%2e/jobs, READ",
        "GET, /docs/..//jobs, READ",
        "GET, //jobs, READ",
        "POST, /searches, WRITE",
        "DELETE, /web/x, WRITE"
    })
    void saysWhatIsNeeded(String method, String path, Role needed) throws Exception {
        HttpResponse<String> none = send(method, path, null);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body()).contains("the role " + needed.word()).contains("X-API-Key");
        assertThat(none.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
        assertThat(send(method, path, "nobodys-key-at-all").statusCode()).isEqualTo(401);
        HttpResponse<String> weak = send(method, path, reader);
        assertThat(weak.statusCode() == 403).as(weak.body()).isEqualTo(!Role.READ.covers(needed));
        HttpResponse<String> strong = send(method, path, writer);
        assertThat(strong.statusCode() == 403).as(strong.body()).isEqualTo(!Role.WRITE.covers(needed));
        assertThat(strong.statusCode()).isNotEqualTo(401);
    }

    @Test
    void withoutAKeyNoOtherMachineReachesTheService() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
            assertThatThrownBy(() -> RunningVitrine.start(folder.resolve("open"), Map.of("VITRINE_HTTP_HOST", host)))
                    .hasMessageContaining("VITRINE_API_KEY")
                    .hasMessageContaining("127.0.0.1");
        }
        try (RunningVitrine open = RunningVitrine.start(
                folder.resolve("open"), Map.of("VITRINE_HTTP_HOST", "0.0.0.0", "VITRINE_API_KEY", OPERATOR))) {
            assertThat(open.api().get("/jobs").status()).isEqualTo(401);
            assertThat(open.api().with("X-API-Key", OPERATOR).get("/jobs").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void tellsAnExpiredKeyFromAnUnknownOne() throws Exception {
        assertThat(get("/jobs", expired).body()).contains("last-year").contains("expired at 2025-01-01");
        assertThat(get("/jobs", "whatever-this-may-be").body()).contains("not known");
    }

    @Test
    void takesAKeyInEitherHeader() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url("/jobs")));
        assertThat(status(request.copy().header("Authorization", "Bearer " + reader)))
                .isEqualTo(200);
        assertThat(status(request.copy().header("authorization", "bearer " + reader)))
                .isEqualTo(200);
        assertThat(status(request.copy().header("X-API-Key", reader))).isEqualTo(200);
        assertThat(status(request.copy().header("Authorization", "Basic " + reader)))
                .isEqualTo(401);
    }

    @Test
    void metricsAreReadFromThisMachineOrWithAKeyAndNameNoKey() throws Exception {
        get("/jobs", reader);
        HttpResponse<String> here = get("/observe/metrics", null);
        assertThat(here.statusCode()).isEqualTo(200);
        assertThat(here.body()).contains("vitrine_key_uses_total{key=\"page\"}").doesNotContain(reader);
        HttpRequest.Builder proxied =
                HttpRequest.newBuilder(URI.create(url("/observe/metrics"))).header("X-Forwarded-For", "203.0.113.9");
        assertThat(status(proxied.copy())).isEqualTo(401);
        assertThat(status(proxied.copy().header("X-API-Key", reader))).isEqualTo(200);
    }

    @Test
    void aKeyOfOneCollectionSeesNothingOfTheOthers() throws Exception {
        Answer all = service.api().with("X-API-Key", writer).upload("of-all", Pictures.jpeg(1));
        Answer own = service.api().with("X-API-Key", tenant).upload("of-other", Pictures.jpeg(2));
        assertThat(own.status()).isEqualTo(202);
        awaitEnd(all.text("job_id"));
        awaitEnd(own.text("job_id"));

        assertThat(get("/products/of-other", tenant).statusCode()).isEqualTo(200);
        assertThat(get("/products/of-other", writer).statusCode()).isEqualTo(404);
        assertThat(get("/products/of-all", tenant).statusCode()).isEqualTo(404);
        assertThat(get("/jobs/" + all.text("job_id"), tenant).statusCode()).isEqualTo(404);
        assertThat(get("/jobs", tenant).body()).contains(own.text("job_id")).doesNotContain(all.text("job_id"));
        assertThat(send("POST", "/jobs/" + all.text("job_id") + "/retry", tenant)
                        .statusCode())
                .isEqualTo(404);
        Answer broken = service.api().with("X-API-Key", writer).upload("broken-of-all", Pictures.brokenPng(64, 64));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        get("/jobs/" + broken.text("job_id"), writer).body().contains("\"failed\""));
        assertThat(send("POST", "/jobs/retry?dry_run=true", writer).body()).contains("\"matching\":1");
        assertThat(send("POST", "/jobs/retry", tenant).body()).contains("\"matching\":0", "\"retried\":0");
        assertThat(send("POST", "/jobs/retry?dry_run=true", writer).body()).contains("\"matching\":1");
    }

    @Test
    void aKeyThatIsRevokedWhileItsRequestArrivesHoldsForThatRequest() throws Exception {
        KeysFile file = new KeysFile(folder.resolve("keys.json"));
        String leaving = add(file, "leaving", Role.WRITE, List.of("other"), null);
        await().until(() -> get("/jobs", leaving).statusCode() == 200);
        MultipartBody form = new MultipartBody()
                .field("product_id", "late")
                .field("name", "Late")
                .file("image_file", "late.jpg", Pictures.jpeg(3));
        double before = uses("leaving");
        byte[] body = form.toByteArray();
        String job;
        try (Socket socket = new Socket("127.0.0.1", URI.create(url("/")).getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /index-product-with-image HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: "
                            + leaving + "\r\nContent-Type: " + form.contentType() + "\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            await().until(() -> uses("leaving") > before);
            file.remove("leaving");
            await().until(() -> get("/jobs", leaving).statusCode() == 401);
            out.write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 202 ");
            job = answer.replaceAll("(?s).*\"job_id\":\"([^\"]*)\".*", "$1");
        }
        awaitEnd(job);
        assertThat(get("/products/late", tenant).statusCode()).isEqualTo(200);
        assertThat(get("/products/late", writer).statusCode()).isEqualTo(404);
    }

    private static double uses(String key) throws Exception {
        String name = "vitrine_key_uses_total{key=\"" + key + "\"} ";
        return get("/observe/metrics", null)
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private static void awaitEnd(String job) {
        await().until(() -> get("/jobs/" + job, OPERATOR).body().contains("\"status\":\"completed\""));
    }

    private static String add(KeysFile file, String name, Role role, List<String> collections, Instant expires)
            throws IOException {
        String key = ApiKey.random();
        file.add(ApiKey.of(key, name, role, collections, Instant.now(), expires));
        return key;
    }

    private static HttpResponse<String> get(String path, String key) throws Exception {
        return send("GET", path, key);
    }

    private static HttpResponse<String> send(String method, String path, String key) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).method(method, HttpRequest.BodyPublishers.noBody());
        return HTTP.send((key == null ? request : request.header("X-API-Key", key)).build(), BodyHandlers.ofString());
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static String url(String path) {
        return service.settings().http().url() + path;
    }
}
