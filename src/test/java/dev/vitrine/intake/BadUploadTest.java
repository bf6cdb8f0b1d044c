package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.spool.Spool;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Bad input is answered with a problem document at once, and nothing of it is kept. */
class BadUploadTest {
    private static final Map<String, String> GOOD = Map.of("product_id", "mug-1", "name", "Mug");
    private static final byte[] PICTURE = Pictures.jpeg(1);

    private static RunningVitrine service;
    private static HttpApi api;

    @BeforeAll
    static void start(@TempDir Path data) {
        service = RunningVitrine.start(data, Map.of("VITRINE_MAX_UPLOAD", "1MB", "VITRINE_ROLE", "api"));
        api = service.api().offContract();
        assertThat(api.upload("warm-up", PICTURE).status()).isEqualTo(202);
        redis().delete(redis().keys("*"));
        Spool spool = bean("spool", Spool.class);
        spool.forEachOwed(spool::remove);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void nothingIsKept() {
        await().until(() -> service.keptFiles().isEmpty());
        assertThat(redis().keys("*job:*")).isEmpty();
        assertThat(redis().keys("*jobs")).isEmpty();
    }

    private static StringRedisTemplate redis() {
        return bean("redis", StringRedisTemplate.class);
    }

    private static <T> T bean(String name, Class<T> type) {
        return service.vitrine().context().getRegistry().lookupByNameAndType(name, type);
    }

    private static void assertProblem(Answer answer, int status, String field) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("about:blank");
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("title")).isNotEmpty();
        assertThat(answer.text("detail")).isNotEmpty();
        if (field != null) {
            assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        }
        assertThat(answer.millis()).isLessThan(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "'', Mug, product_id",
        "'   ', Mug, product_id",
        "' mug-1', Mug, product_id",
        "'mug-1\n', Mug, product_id",
        "mug\u0007x, Mug, product_id",
        "mug\uFFFDx, Mug, product_id",
        "., Mug, product_id",
        "'.. ', Mug, product_id",
        "mug-1, '', name",
        "mug-1, '  ', name"
    })
    void refusesBadFields(String productId, String name, String field) {
        assertProblem(api.upload(Map.of("product_id", productId, "name", name), PICTURE), 400, field);
    }

    @Test
    void refusesAnIdThatIsTooLong() {
        assertProblem(api.upload(Map.of("product_id", "x".repeat(257), "name", "Mug"), PICTURE), 400, "product_id");
    }

    @Test
    void refusesACallbackUrlWhereNoWebhooksAreSent() {
        Answer answer = api.upload(
                Map.of("product_id", "mug-1", "name", "Mug", "callback_url", "https://hooks.example/a"), PICTURE);
        assertProblem(answer, 400, "callback_url");
        assertThat(answer.text("detail")).contains("VITRINE_CALLBACK_HOSTS");
    }

    @Test
    void namesEveryMissingFieldAtOnce() {
        Answer answer = api.postForm("/index-product-with-image", new MultipartBody().field("image_id", "front"));
        assertProblem(answer, 400, "product_id");
        assertProblem(answer, 400, "name");
        assertProblem(answer, 400, "image_file");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        MultipartBody form = new MultipartBody()
                .field("prodct_id", "mug-1")
                .field("product_id", " mug-1")
                .field("name", "Mug")
                .field("name", "Cup")
                .field("image_id", "..")
                .field("metadata", "[]")
                .file("image_file", "a.jpg", "no picture".getBytes(StandardCharsets.UTF_8));
        Answer answer = api.offContract().postForm("/index-product-with-image", form);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("prodct_id", "product_id", "name", "image_id", "metadata", "image_file");
        assertThat(answer.text("detail")).contains("prodct_id: is not taken here; did you mean \"product_id\"?");
    }

    @Test
    void refusesTwoFiles() {
        MultipartBody form = new MultipartBody()
                .field("product_id", "mug-1")
                .field("name", "Mug")
                .file("image_file", "a.jpg", PICTURE)
                .file("image_file", "b.jpg", PICTURE);
        assertProblem(api.postForm("/index-product-with-image", form), 400, "image_file");
    }

    @Test
    void refusesAFieldThatCameTwice() {
        MultipartBody form = new MultipartBody()
                .field("product_id", "mug-1")
                .field("product_id", "mug-2")
                .field("name", "Mug")
                .file("image_file", "a.jpg", PICTURE);
        assertProblem(api.postForm("/index-product-with-image", form), 400, "product_id");
    }

    @Test
    void refusesATextFile() {
        assertProblem(api.upload(GOOD, "this is no picture".getBytes(StandardCharsets.UTF_8)), 415, "image_file");
    }

    @Test
    void refusesAnEmptyFile() {
        assertProblem(api.upload(GOOD, new byte[0]), 400, "image_file");
    }

    @Test
    void refusesATruncatedJpeg() {
        assertProblem(api.upload(GOOD, Arrays.copyOf(PICTURE, PICTURE.length / 2)), 422, "image_file");
    }

    @Test
    void refusesAFileOverTheUploadLimit() {
        assertProblem(api.upload(GOOD, new byte[1024 * 1024 + 1]), 413, "image_file");
    }

    @Test
    void refusesARequestFarOverTheUploadLimit() {
        assertProblem(api.upload(GOOD, new byte[8 * 1024 * 1024]), 413, null);
    }

    @Test
    void refusesADecompressionBombFromItsHeader() throws IOException {
        assertProblem(api.upload(GOOD, Pictures.brokenPng(60_000, 60_000)), 413, "image_file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1]", "{bad", "\"text\"", "null", "{} {}"})
    void refusesMetadataThatIsNoObject(String metadata) {
        Map<String, String> fields = Map.of("product_id", "mug-1", "name", "Mug", "metadata", metadata);
        assertProblem(api.upload(fields, PICTURE), 400, "metadata");
    }

    @Test
    void refusesMetadataOver16Kilobytes() {
        String metadata = "{\"a\":\"" + "x".repeat(16 * 1024) + "\"}";
        Map<String, String> fields = Map.of("product_id", "mug-1", "name", "Mug", "metadata", metadata);
        assertProblem(api.upload(fields, PICTURE), 400, "metadata");
    }

    @Test
    void refusesAnotherMediaType() {
        assertProblem(api.postJson("/index-product-with-image", "{}"), 415, null);
    }

    @Test
    void answersTheWrongMethodAndAnUnknownPath() {
        assertProblem(api.get("/index-product-with-image"), 405, null);
        assertProblem(api.get("/nowhere"), 404, null);
        assertProblem(api.get("/jobs/unknown"), 404, null);
        assertProblem(api.get("/products/unknown"), 404, null);
        assertProblem(api.delete("/products/unknown"), 404, null);
    }

    @Test
    void refusesABodyThatStopsInsideTheFile() throws IOException {
        byte[] body = unfinishedForm();
        long start = System.nanoTime();
        String answer = exchange(body, body.length);
        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(System.nanoTime() - start).isLessThan(1_500_000_000L);
    }

    @Test
    void keepsNothingOfAClientThatHangsUp() throws IOException {
        byte[] body = unfinishedForm();
        URI uri = URI.create(service.settings().http().url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            send(socket, body, body.length + 10_000);
            await().until(() -> !service.keptFiles().isEmpty());
        }
    }

    private static byte[] unfinishedForm() throws IOException {
        byte[] whole = new MultipartBody()
                .field("product_id", "mug-1")
                .field("name", "Mug")
                .file("image_file", "a.jpg", PICTURE)
                .toByteArray();
        return Arrays.copyOf(whole, whole.length - PICTURE.length / 2);
    }

    private static String exchange(byte[] body, int contentLength) throws IOException {
        URI uri = URI.create(service.settings().http().url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(5_000);
            send(socket, body, contentLength);
            byte[] answer = new byte[4_096];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
        }
    }

    private static void send(Socket socket, byte[] body, int contentLength) throws IOException {
        String boundary = new String(body, 2, 44, StandardCharsets.US_ASCII).strip();
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST /index-product-with-image HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary="
                                + boundary + "\r\nContent-Length: " + contentLength + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }
}
