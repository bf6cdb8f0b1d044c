package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.Contract;
import dev.vitrine.testing.Contract.Got;
import dev.vitrine.testing.Contract.Sent;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send is taken for what it is: a path is a path, a text a text, and nothing else counts. */
class ApiTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"));
        upload("mug-1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Indexed at once, as there is no queue. */
    private static JsonNode upload(String productId) {
        var answer = service.api().upload(productId, Pictures.jpeg(productId.hashCode()));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(String path, String method, Map<String, String> headers, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(service.settings().http().url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpRequest asked = request.build();
        HttpResponse<String> answer = HTTP.send(asked, BodyHandlers.ofString());
        Sent sent = new Sent(
                method,
                asked.uri(),
                asked.headers(),
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
        assertThat(Contract.get().faults(sent, new Got(answer.statusCode(), answer.headers(), answer.body())))
                .as(method + " " + path)
                .isEmpty();
        return answer;
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(path, "GET", Map.of(), null);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String field) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        if (field != null) {
            assertThat(json(answer).path("errors").findValuesAsText("field"))
                    .as(answer.body())
                    .contains(field);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "12", "1e3", "header.x"})
    void anIdIsAnIdWhateverItLooksLike(String id) throws Exception {
        assertRefused(get("/jobs/" + id), 404, null);
        assertRefused(get("/products/" + id), 404, null);

        upload(id);

        assertThat(json(get("/products/" + id)).path("product_id").asText()).isEqualTo(id);
        assertThat(json(get("/jobs?product_id=" + id)).path("jobs")).hasSize(1);
        assertThat(send("/products/" + id, "DELETE", Map.of(), null).statusCode())
                .isEqualTo(200);
        assertRefused(get("/products/" + id), 404, null);
    }

    @Test
    void saysAllThatIsWrongWithAQueryAtOnce() {
        assertWrong(
                service.api().offContract().get("/jobs?limt=3&status=bogus&limit=0&cursor=x"),
                "limt",
                "status",
                "limit",
                "cursor");
        assertWrong(
                service.api().offContract().get("/jobs?status=bogus&limit=0&cursor=x"), "status", "limit", "cursor");
        assertWrong(
                service.api().offContract().get("/products?x=1&limit=a&cursor=x&filter=1"),
                "x",
                "limit",
                "cursor",
                "filter");
        assertWrong(service.api().offContract().get("/products?limit=1&limit=2&filter=1"), "limit", "filter");
        assertWrong(
                service.api().offContract().get("/products/mug/similar?limt=1&limit=a&min_score=2&filter=1"),
                "limt",
                "limit",
                "min_score",
                "filter");
        assertWrong(service.api().offContract().post("/jobs/retry?status=queued&x=1"), "x", "status");
    }

    @Test
    void saysAllThatIsWrongWithASearchAtOnce() {
        assertWrong(
                service.api()
                        .offContract()
                        .postJson(
                                "/search",
                                "{\"txt\":\"mug\",\"text\":1,\"limit\":0,\"min_score\":\"a\",\"filter\":3,\"products\":7}"),
                "txt",
                "text",
                "limit",
                "min_score",
                "filter",
                "products");
        assertWrong(
                service.api()
                        .offContract()
                        .postForm(
                                "/search",
                                new MultipartBody()
                                        .field("limt", "1")
                                        .field("limit", "1")
                                        .field("limit", "2")
                                        .field("filter", "3")),
                "limt",
                "limit",
                "filter",
                "image_file");
    }

    private static void assertWrong(HttpApi.Answer answer, String... fields) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactlyInAnyOrder(fields);
    }

    @Test
    void quotesArePartOfAnId() throws Exception {
        assertRefused(get("/products/%27mug-1%27"), 404, null);
        assertRefused(send("/products/%27mug-1%27", "DELETE", Map.of(), null), 404, null);
        assertRefused(get("/products/%22mug-1%22"), 404, null);
        assertThat(json(get("/jobs?product_id=%27mug-1%27")).path("jobs")).isEmpty();
        assertThat(get("/products/mug-1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/jobs?status=null, status",
        "/jobs?cursor=null, cursor",
        "/jobs?cursor=abc, cursor",
        "/jobs?cursor=-1_x, cursor",
        "/jobs?limit=null, limit",
        "/jobs?limt=3, limt",
        "/jobs?limit=3&limit=4, limit",
        "/jobs?camelHttpUri=x, camelHttpUri",
        "/jobs/x?job_id=y, job_id",
        "/products/mug-1?product_id=x, product_id",
        "/stats?a, a",
        "/routes?CamelFileName=x, CamelFileName"
    })
    void whatAPathDoesNotTakeIsRefusedByName(String path, String field) throws Exception {
        assertRefused(get(path), 400, field);
    }

    @Test
    void aMisspeltParameterIsAnsweredWithTheOneThatWasMeant() throws Exception {
        assertThat(json(get("/jobs?limt=3")).path("detail").asText()).contains("did you mean \"limit\"?");
    }

    /** A header of the request under a parameter's name is another thing. */
    @Test
    void headersNeitherReplaceNorJoinParameters() throws Exception {
        String job = upload("lamp").path("job_id").asText();
        Map<String, String> headers = new HashMap<>();
        for (String name : new String[] {"job_id", "JOB_ID", "product_id", "status", "limit", "cursor", "collection"}) {
            headers.put(name, "x");
        }
        assertThat(json(send("/jobs/" + job, "GET", headers, null))
                        .path("job_id")
                        .asText())
                .isEqualTo(job);
        assertThat(json(send("/products/lamp", "GET", headers, null))
                        .path("product_id")
                        .asText())
                .isEqualTo("lamp");
        assertThat(json(send("/jobs?limit=1", "GET", headers, null)).path("jobs"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void anIdThatNoPathCanNameIsRefused(String id) {
        var answer = service.api().offContract().upload(id, Pictures.jpeg(1));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).contains("product_id");
    }

    @Test
    void metadataThatCannotBeIndexedIsRefusedWithoutAQueueToo() {
        for (String metadata : new String[] {
            "{\"a\":".repeat(25) + "1" + "}".repeat(25), "{\"a\":" + "9".repeat(300) + "}", "{\"a\":\"\\ud800\"}"
        }) {
            var answer = service.api()
                    .upload(Map.of("product_id", "mug", "name", "Mug", "metadata", metadata), Pictures.jpeg(1));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("metadata");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-", "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"})
    void wordsAreFoundWithAndWithoutAMediaType(String type) throws Exception {
        Map<String, String> headers = type == null ? Map.of() : Map.of("Content-Type", type);
        for (String words : new String[] {"{\"text\":\"mug\"}", "\uFEFF{\"text\":\"mug\"}", "{\"text\":\"null\"}"}) {
            HttpResponse<String> answer = send("/search", "POST", headers, words);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json;charset=bogus|{\"text\":\"mug\"}|415",
                "application/json|null|400",
                "application/json||400",
                "application/json|{\"text\":null}|400",
                "application/x-www-form-urlencoded|text=mug|415",
                "text/plain|mug|415",
                "multipart/form-data|x|4",
                "multipart/form-data; boundary=|x|4",
                "multipart/form-data; boundary=\"\"|x|4",
                "multipart/form-data; boundary=a; charset=bogus|x|4"
            })
    void aSearchThatCannotBeReadIsTheClientsFault(String type, String body, String status) throws Exception {
        HttpResponse<String> answer = send("/search", "POST", Map.of("Content-Type", type), body == null ? "" : body);
        assertThat(Integer.toString(answer.statusCode())).as(answer.body()).startsWith(status);
    }

    @Test
    void adviceOnASearchIsAboutSearch() throws Exception {
        HttpResponse<String> answer = send(
                "/search",
                "POST",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "text=" + URLEncoder.encode("red mug", StandardCharsets.UTF_8));
        assertThat(json(answer).path("detail").asText())
                .contains("application/json", "image_file=@")
                .doesNotContain("product_id");
    }

    @Test
    void theLimitOfASearchByPictureIsAFieldOfTheForm() throws Exception {
        upload("other");
        MultipartBody form = new MultipartBody().field("limit", "1").file("image_file", "q.jpg", Pictures.jpeg(3));
        assertThat(service.api().postForm("/search", form).body().path("results"))
                .hasSize(1);
        assertThat(service.api().offContract().postForm("/search?limit=1", form).status())
                .isEqualTo(400);
        for (String limit : new String[] {"1e999", "NaN", "Infinity", "-1", "1.5", "0x1"}) {
            MultipartBody bad = new MultipartBody().field("limit", limit).file("image_file", "q.jpg", Pictures.jpeg(3));
            assertThat(service.api().offContract().postForm("/search", bad).status())
                    .isEqualTo(400);
        }
        for (String score : new String[] {"NaN", "1e999", "2", "x"}) {
            MultipartBody bad =
                    new MultipartBody().field("min_score", score).file("image_file", "q.jpg", Pictures.jpeg(3));
            assertThat(service.api().offContract().postForm("/search", bad).status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/jobs", "/jobs/unknown", "/nowhere", "/products/mug-1", "/products/mug-1?x"})
    void answersEndWithANewline(String path) throws Exception {
        assertThat(get(path).body()).endsWith("}\n");
    }
}
