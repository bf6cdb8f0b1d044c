package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.http.keys.ApiKey;
import dev.vitrine.http.keys.KeysFile;
import dev.vitrine.http.keys.Role;
import dev.vitrine.testing.Browser;
import dev.vitrine.testing.ForeignPage;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a web page on another port of the same machine can do, in a real browser and by the headers. */
class PagesOfOthersTest {
    @TempDir
    private static Path folder;

    @Test
    void aPageOfAnotherPortCanDoNothing() throws Exception {
        try (Browser browser = Browser.start(folder.resolve("browser-closed"));
                ForeignPage page = new ForeignPage();
                RunningVitrine service = RunningVitrine.start(folder.resolve("closed"), Map.of())) {
            indexed(service, "mug-1");
            int port = service.settings().http().port();
            for (String host : List.of("localhost", "127.0.0.1")) { // the same site as the page, and another
                JsonNode tried =
                        page.tryFrom(browser, Map.of("service", "http://" + host + ":" + port, "product", "mug-1"));
                assertThat(tried).hasSize(13);
                tried.fields().forEachRemaining(attempt -> assertThat(
                                attempt.getValue().asText())
                        .as(attempt.getKey())
                        .doesNotContain("read:", "loaded", "mug-1"));
            }
            assertThat(service.api().get("/products/mug-1").status()).isEqualTo(200);
            assertThat(service.api().get("/jobs").body().path("jobs")).hasSize(1);
        }
    }

    @Test
    void aPageOfAListedOriginCanSearch() throws Exception {
        KeysFile keys = new KeysFile(folder.resolve("keys.json"));
        try (Browser browser = Browser.start(folder.resolve("browser-listed"));
                ForeignPage page = new ForeignPage();
                RunningVitrine service = RunningVitrine.start(
                        folder.resolve("listed"),
                        Map.of(
                                "VITRINE_CORS_ORIGINS",
                                page.origin(),
                                "VITRINE_KEYS_FILE",
                                keys.path().toString()))) {
            indexed(service, "mug-1");
            Map<String, String> about =
                    Map.of("service", service.settings().http().url(), "product", "mug-1");
            String reader = ApiKey.random();

            JsonNode open = page.tryFrom(browser, about);
            assertThat(open.path("search").asText()).startsWith("read: 200").contains("mug-1");
            assertThat(open.path("upload").asText()).startsWith("read: 202");
            assertThat(open.path("nothing").asText()).startsWith("read: 404");
            assertThat(open.path("delete").asText()).startsWith("read: 2");
            assertThat(service.api().get("/jobs").body().findValuesAsText("product_id"))
                    .as("so what others are refused would have worked")
                    .contains("by-fetch", "by-blind-fetch", "by-form", "by-beacon");

            indexed(service, "mug-2");
            keys.add(ApiKey.of(reader, "page", Role.READ, List.of(), Instant.now(), null));
            Awaitility.await().until(() -> service.api().get("/jobs").status() == 401);
            JsonNode with =
                    page.tryFrom(browser, Map.of("service", about.get("service"), "product", "mug-2", "key", reader));
            assertThat(with.path("search").asText()).startsWith("read: 200").contains("mug-2");
            assertThat(with.path("look").asText()).startsWith("read: 200");
            assertThat(with.path("upload").asText()).startsWith("read: 403").contains("the role write");
            assertThat(with.path("delete").asText()).startsWith("read: 403").contains("the role write");
        }
    }

    @Test
    void tellsTheBrowserOfAListedPageWhatItMaySend() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(
                folder.resolve("headers"),
                Map.of(
                        "VITRINE_CORS_ORIGINS",
                        "https://shop.example, http://localhost:3000",
                        "VITRINE_API_KEY",
                        "operators-key-0123456789"))) {
            String url = service.settings().http().url();
            HttpResponse<String> preflight = send("OPTIONS", url + "/search", "https://shop.example");
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(header(preflight, "Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
            assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("POST");
            assertThat(header(preflight, "Access-Control-Allow-Headers")).isEqualTo("content-type,x-api-key");
            assertThat(header(preflight, "Access-Control-Max-Age")).isNotEmpty();
            assertThat(header(preflight, "Access-Control-Allow-Credentials")).isEmpty();
            assertThat(header(preflight, "Vary")).contains("Origin", "Access-Control-Request-Headers");

            HttpResponse<String> keyless = send("GET", url + "/jobs", "http://localhost:3000");
            assertThat(keyless.statusCode()).isEqualTo(401);
            assertThat(header(keyless, "Access-Control-Allow-Origin"))
                    .as("so that the page reads why")
                    .isEqualTo("http://localhost:3000");
            assertThat(header(keyless, "Access-Control-Expose-Headers")).contains("Location", "Retry-After");

            for (String method : List.of("OPTIONS", "GET", "POST")) {
                HttpResponse<String> foreign = send(method, url + "/search", "https://evil.example");
                assertThat(foreign.statusCode()).isEqualTo(403);
                assertThat(foreign.body()).contains("VITRINE_CORS_ORIGINS");
                assertThat(header(foreign, "Access-Control-Allow-Origin")).isEmpty();
                assertThat(header(foreign, "Vary")).isEqualTo("Origin");
                assertThat(header(foreign, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
                assertThat(header(foreign, "Content-Security-Policy")).contains("frame-ancestors 'none'");
            }
        }
    }

    private static void indexed(RunningVitrine service, String product) {
        Answer answer = service.api().upload(product, Pictures.jpeg(1));
        service.awaitStatus(answer.text("job_id"), "completed");
    }

    private static HttpResponse<String> send(String method, String url, String origin) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, BodyPublishers.noBody())
                .header("Origin", origin);
        if (method.equals("OPTIONS")) {
            request.header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type,x-api-key");
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
