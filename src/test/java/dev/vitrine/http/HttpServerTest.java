package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server itself answers, whatever the routes: seen by sockets and by clients. */
class HttpServerTest {
    private static final byte[] PICTURE = Pictures.jpeg(1);

    /** Two routes of a site: one that is slow, and one with a form of its own. */
    private static final String SITE =
            """
            - route:
                id: slow
                from:
                  uri: platform-http
                  parameters:
                    path: /slow/{what}
                  steps:
                    - delay:
                        expression:
                          constant:
                            expression: "1500"
                    - removeHeaders:
                        pattern: "*"
                    - setBody:
                        expression:
                          constant:
                            expression: slept
            - route:
                id: own-form
                routeConfigurationId: web-errors
                from:
                  uri: platform-http
                  parameters:
                    path: /own-form
                    httpMethodRestrict: POST
                  steps:
                    - bean:
                        ref: multipart
                        method: readFields(*, 'colour, size')
                    - setBody:
                        expression:
                          simple:
                            expression: "${header.colour} ${header.size}"
                    - to:
                        uri: direct
                        parameters:
                          name: answer
            """;

    private static RunningVitrine service;
    private static HttpApi api;
    private static URI url;

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        RunningVitrine.copyRoutes(home);
        Files.writeString(home.resolve("routes/site.camel.yaml"), SITE);
        service = RunningVitrine.start(home, home.resolve("data"), Map.of("VITRINE_ROLE", "api"));
        api = service.api();
        url = URI.create(service.settings().http().url());
        assertThat(api.upload("warm-up", PICTURE).status()).isEqualTo(202);
        await().until(() -> uploads().isEmpty());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> uploads() {
        return RunningVitrine.names(service.settings().dataDir().resolve("uploads"));
    }

    /** What comes back for bytes as they are, until the connection is closed or nothing comes for a while. */
    private static String raw(byte[] request) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream().write(request);
            return read(socket);
        }
    }

    private static String raw(String request) throws IOException {
        return raw(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] buffer = new byte[8_192];
        for (int n = socket.getInputStream().read(buffer);
                n >= 0;
                n = socket.getInputStream().read(buffer)) {
            answer.write(buffer, 0, n);
            if (answer.toString(StandardCharsets.UTF_8).endsWith("}\n")) {
                break;
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** A form of parts that are given whole, without the boundaries around them. */
    private static Answer form(String path, Charset charset, String... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String part : parts) {
            body.writeBytes(("--xyz\r\nContent-Disposition: form-data; " + part + "\r\n").getBytes(charset));
        }
        body.writeBytes("--xyz--\r\n".getBytes(charset));
        return api.offContract().post(path, "multipart/form-data; boundary=xyz", body.toByteArray());
    }

    private static String text(String name, String value) {
        return "name=\"" + name + "\"\r\n\r\n" + value;
    }

    private static String file(String name, String fileName) {
        return "name=\"" + name + "\"; filename=\"" + fileName + "\"\r\n\r\nx";
    }

    private static void assertProblem(Answer answer, int status, String words) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.response().body()).contains(words);
        assertThat(answer.millis()).isLessThan(2_000);
    }

    @Test
    void keepsItsDataFromOtherUsers() throws IOException {
        Path data = service.settings().dataDir();
        for (Path folder : List.of(data, data.resolve("spool"), data.resolve("uploads"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void tellsClientsNoPathAndNoVersion() throws IOException {
        assertThat(api.get("/stats").response().body())
                .doesNotContain(service.settings().dataDir().toString())
                .contains("\"place\":\"embedded\"");
        assertThat(api.get("/observe/metrics").response().body()).doesNotContainPattern("camel_(runtime_)?version");
    }

    // Methods

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/jobs", "/products", "/routes", "/observe/health/live", "/observe/metrics"})
    void answersHeadWhereverItAnswersGet(String path) throws Exception {
        HttpResponse<String> head = send("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(send("GET", path).headers().firstValue("Content-Type"))
                .isEqualTo(head.headers().firstValue("Content-Type"));
    }

    @Test
    void answersHeadAndOptionsOnEveryPathOfTheDocumentThatTakesGet() throws Exception {
        List<String> paths = new ArrayList<>();
        api.get("/openapi.json").body().path("paths").fields().forEachRemaining(path -> {
            if (path.getValue().has("get")) {
                paths.add(path.getKey().replaceAll("\\{[^}]*}", "gid%3A%2F%2F1"));
            }
        });
        assertThat(paths).hasSizeGreaterThan(12);
        for (String path : paths) {
            HttpResponse<String> head = send("HEAD", path);
            assertThat(head.body()).as(path).isEmpty();
            if (path.equals("/events")) { // a GET of it does not end
                assertThat(head.statusCode()).as(path).isEqualTo(200);
            } else {
                assertThat(head.statusCode())
                        .as(path)
                        .isEqualTo(send("GET", path).statusCode());
            }
            HttpResponse<String> options = send("OPTIONS", path);
            assertThat(options.statusCode()).as(path).isEqualTo(204);
            assertThat(options.headers().firstValue("Allow").orElse("").split(", "))
                    .as(path)
                    .contains("GET", "HEAD", "OPTIONS");
        }
    }

    @Test
    void answersHeadOfWhatIsNotThere() throws Exception {
        assertThat(send("HEAD", "/jobs/nothing").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", "/nowhere").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", "/search").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({
        "/stats, 'GET, HEAD, OPTIONS'",
        "/search, 'OPTIONS, POST'",
        "/products, 'DELETE, GET, HEAD, OPTIONS, POST'",
        "/products/mug-1, 'DELETE, GET, HEAD, OPTIONS'",
        "/own-form, 'OPTIONS, POST'"
    })
    void saysWhichMethodsAPathTakes(String path, String allowed) throws Exception {
        HttpResponse<String> options = send("OPTIONS", path);
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains(allowed);
        HttpResponse<String> patch = send("PATCH", path);
        assertThat(patch.statusCode()).isEqualTo(405);
        assertThat(patch.headers().firstValue("Allow")).contains(allowed);
        assertThat(patch.body()).contains("Allow").endsWith("}\n");
    }

    // Forms

    @Test
    void takesOnlyTheFieldsThatARouteDeclares() {
        assertThat(form("/own-form", StandardCharsets.UTF_8, text("colour", "red"), text("size", "L"))
                        .response()
                        .body())
                .contains("red L");
        assertProblem(form("/own-form", StandardCharsets.UTF_8, text("color", "red")), 400, "did you mean");
        assertProblem(form("/own-form", StandardCharsets.UTF_8, text("product_id", "1")), 400, "colour, size");
        for (String name : List.of("CamelHttpUri", "camelFileName", "CAMELHTTPPATH")) {
            Answer answer = form("/own-form", StandardCharsets.UTF_8, text(name, "x"));
            assertProblem(answer, 400, name);
            assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(name);
        }
        assertProblem(
                api.offContract().upload(Map.of("product_id", "m", "name", "M", "meta_data", "{}"), PICTURE),
                400,
                "metadata");
    }

    @Test
    void namesAFieldThatIsTooLong() {
        String large = "x".repeat(70_000);
        Answer answer = form("/own-form", StandardCharsets.UTF_8, text("size", "L"), text("colour", large));
        assertProblem(answer, 413, "colour");
        assertProblem(
                api.upload(Map.of("product_id", "m", "name", "M", "metadata", "{\"a\":\"" + large + "\"}"), PICTURE),
                413,
                "metadata");
    }

    @Test
    void boundsTheTextOfAllFieldsTogether() {
        String[] parts = IntStream.range(0, 40)
                .mapToObj(i -> text("colour" + i, "x".repeat(20_000)))
                .toArray(String[]::new);
        assertProblem(form("/own-form", StandardCharsets.UTF_8, parts), 413, "together");
    }

    @Test
    void takesATextFieldThatCameAsABlob() {
        MultipartBody form = new MultipartBody()
                .field("product_id", "blob-1")
                .field("name", "Blob")
                .file("metadata", "blob", "{\"colour\":\"gr\u00fcn\"}".getBytes(StandardCharsets.UTF_8))
                .file("image_file", "a.jpg", PICTURE);
        assertThat(api.postForm("/index-product-with-image", form).status()).isEqualTo(202);
        MultipartBody broken = new MultipartBody()
                .field("product_id", "blob-1")
                .field("name", "Blob")
                .file("metadata", "blob", "{broken".getBytes(StandardCharsets.UTF_8))
                .file("image_file", "a.jpg", PICTURE);
        assertProblem(api.offContract().postForm("/index-product-with-image", broken), 400, "metadata");
    }

    @Test
    void readsFieldsInTheCharsetOfTheirPart() {
        Answer latin = form(
                "/own-form",
                StandardCharsets.ISO_8859_1,
                "name=\"colour\"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\ngr\u00fcn",
                text("size", "L"));
        assertThat(latin.response().body()).contains("gr\u00fcn L");
        assertProblem(form("/own-form", StandardCharsets.ISO_8859_1, text("colour", "gr\u00fcn")), 400, "UTF-8");
        assertProblem(
                form(
                        "/own-form",
                        StandardCharsets.ISO_8859_1,
                        text("_charset_", "iso-8859-1"),
                        text("colour", "gr\u00fcn")),
                400,
                "UTF-8");
        assertThat(form("/own-form", StandardCharsets.UTF_8, text("_charset_", "UTF-8"), text("colour", "gr\u00fcn"))
                        .response()
                        .body())
                .contains("gr\u00fcn");
    }

    @Test
    void answersARefusedFormWhateverItsFilesAreDoing() throws Exception {
        String[] parts =
                IntStream.range(0, 17).mapToObj(i -> file("f" + i, "a.jpg")).toArray(String[]::new);
        for (int i = 0; i < 40; i++) { // one of some twenty was refused while a file was being closed
            assertProblem(form("/index-product-with-image", StandardCharsets.UTF_8, parts), 400, "files");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 300, 5_000})
    void refusesAFormOfManyFilesEarly(int files) throws Exception {
        try (LogLines log = new LogLines(HttpFront.class)) {
            String[] parts = IntStream.range(0, files)
                    .mapToObj(i -> file("f" + i, "a.jpg"))
                    .toArray(String[]::new);
            assertProblem(form("/index-product-with-image", StandardCharsets.UTF_8, parts), 400, "files");
            await().atMost(Duration.ofSeconds(5)).until(() -> uploads().isEmpty());
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data, 400",
        "multipart/form-data; boundary=, 400",
        "multipart/form-data; boundary=\"\", 400",
        "application/json; charset=bogus, 415",
        "application/json; charset=\"a b\", 415"
    })
    void refusesAHeadThatCannotBeMeant(String type, int status) {
        assertProblem(
                api.offContract().post("/search", type, "{\"text\":\"mug\"}".getBytes(StandardCharsets.UTF_8)),
                status,
                "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "\"a b\""})
    void refusesAPartInAnUnknownCharset(String charset) {
        Answer answer = form(
                "/own-form",
                StandardCharsets.UTF_8,
                "name=\"colour\"\r\nContent-Type: text/plain; charset=" + charset + "\r\n\r\nred");
        assertProblem(answer, 400, "malformed");
    }

    // Bodies

    @Test
    void keepsOnlySmallBodiesInMemory() {
        assertProblem(
                api.offContract().postJson("/search", "{\"text\":\"" + "x".repeat(70_000) + "\"}"),
                413,
                "VITRINE_MAX_BODY");
        assertProblem(api.offContract().post("/search", "image/jpeg", new byte[70_000]), 413, "65536");
    }

    @Test
    void refusesAnEncodedBodyByTheNameOfItsEncoding() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url.resolve("/search"))
                                .header("Content-Encoding", "gzip")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(new byte[] {31, -117, 8}))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("gzip");
    }

    @Test
    void readsAFieldWhereverItsPacketsEnd() throws IOException {
        String body = "--xyz\r\nContent-Disposition: form-data; " + text("colour", "red")
                + "\r\n--xyz\r\nContent-Disposition: form-data; " + text("size", "L") + "\r\n--xyz--\r\n";
        String head = "POST /own-form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: " + body.length() + "\r\n\r\n";
        int end = body.indexOf("red") + 3;
        for (int cut = end - 1; cut < end + 9; cut++) {
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.setSoTimeout(3_000);
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                out.write((head + body.substring(0, cut)).getBytes(StandardCharsets.US_ASCII));
                // Nothing tells when the server has read a packet; together they would not show anything.
                await().pollDelay(Duration.ofMillis(30)).until(() -> true);
                out.write(body.substring(cut).getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as("cut %d bytes behind the value", cut - end)
                        .contains("red L");
            }
        }
    }

    @Test
    void saysToGoOnWhereAClientWaitsForIt() throws IOException {
        String head = "POST /own-form HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: ";
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(3_000);
            String body = "--xyz\r\nContent-Disposition: form-data; " + text("color", "red") + "\r\n--xyz--\r\n";
            socket.getOutputStream().write((head + body.length() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] go = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            assertThat(new String(go, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100");
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket)).startsWith("HTTP/1.1 400");
        }
        assertThat(raw(head + "999999999\r\n\r\n")).startsWith("HTTP/1.1 413");
    }

    @Test
    void refusesALengthThatIsGivenTwice() throws IOException {
        String answer = raw(
                "POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("Transfer-Encoding")
                .endsWith("}\n");
        assertThat(answer.split("HTTP/1.1")).hasSize(2);
    }

    // Pages of others

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, 200",
        "127.0.0.1, 200",
        "[::1]:9, 200",
        "LOCALHOST, 200",
        "evil.example, 403",
        "evil.example:8080, 403",
        "localhost.evil.example, 403",
        "'', 403"
    })
    void goesByTheNamesOfThisMachineAlone(String host, int status) throws IOException {
        String answer = raw("GET /stats HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(raw("GET /observe/health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        if (status == 403) {
            assertThat(answer).contains("VITRINE_HTTP_HOSTS").contains("application/problem+json");
        }
    }

    @Test
    void takesNothingFromAPageOfAnotherSite() throws Exception {
        String own = "http://" + url.getAuthority();
        for (String path : List.of("/jobs/retry?status=failed", "/search", "/index-product-with-image", "/own-form")) {
            assertThat(send("POST", path, "Origin", "https://evil.example").statusCode())
                    .isEqualTo(403);
            assertThat(send("POST", path, "Origin", "null").statusCode()).isEqualTo(403);
            assertThat(send("POST", path, "Origin", "http://localhost:1").statusCode())
                    .isEqualTo(403);
            assertThat(send("POST", path, "Sec-Fetch-Site", "cross-site").statusCode())
                    .isEqualTo(403);
            assertThat(send("POST", path, "Origin", own).statusCode()).isNotEqualTo(403);
            assertThat(send("POST", path).statusCode()).isNotEqualTo(403);
        }
        assertThat(send("DELETE", "/products/mug-1", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", "/products/mug-1").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsBrowsersToKeepAndToGuessNothing() throws Exception {
        for (HttpResponse<String> answer : List.of(send("GET", "/stats"), send("GET", "/nowhere"))) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    // Room

    @Test
    void servesTheOtherPathsWhileOneIsSlow() {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            slow.add(http.sendAsync(
                    HttpRequest.newBuilder(url.resolve("/slow/" + i)).build(), BodyHandlers.ofString()));
        }
        await().until(() -> service.vitrine().context().getInflightRepository().size("slow") >= 32);
        for (Answer answer : List.of(
                api.get("/observe/health/live"),
                api.get("/stats"),
                api.get("/jobs"),
                api.upload("beside-1", PICTURE))) {
            assertThat(answer.status()).isLessThan(300);
            assertThat(answer.millis()).isLessThan(1_000);
        }
        assertThat(slow).anyMatch(answer -> !answer.isDone());
        assertThat(slow).allMatch(answer -> answer.join().statusCode() == 200);
    }
}
