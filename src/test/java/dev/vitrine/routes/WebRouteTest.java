package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pipeline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code web.camel.yaml}: figures and the picture of the routes. */
class WebRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void statsAreJson() {
        pipeline.await(pipeline.upload("lamp"), "completed");

        assertThat(pipeline.api()
                        .get("/stats")
                        .body()
                        .path("jobs")
                        .path("completed")
                        .asInt())
                .isOne();
    }

    @Test
    void theRoutesTellWhatRunsThroughThem() {
        assertThat(pipeline.api().get("/routes").response().body()).contains("ingest-http");
    }

    @Test
    void theDescriptionOfTheApiIsServed() {
        var answer = pipeline.api().get("/openapi.json");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("openapi")).startsWith("3.1");
        assertThat(answer.body().path("paths").has("/search")).isTrue();
    }

    @Test
    void theDescriptionIsAPageToo() {
        assertThat(pipeline.api().get("/docs").response().body()).contains("swagger-ui-bundle.js");
        assertThat(pipeline.api().get("/docs/swagger-ui-bundle.js").header("Content-Type"))
                .startsWith("text/javascript");
        assertThat(pipeline.api().get("/docs/swagger-ui.js").status()).isEqualTo(404);
    }

    @Test
    void thePageForPeopleIsAtTheRoot() {
        Answer page = pipeline.api().get("/");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.response().body()).contains("web/app.js");
        assertThat(pipeline.api().get("/web/app.js").header("Content-Type")).startsWith("text/javascript");
        assertThat(pipeline.api().get("/web/nothing.js").status()).isEqualTo(404);
    }

    @Test
    void callersLearnWhoTheyAre() {
        assertThat(pipeline.api().get("/caller").text("role")).isEqualTo("admin");
        assertThat(pipeline.api().get("/caller").body().path("keys").asBoolean())
                .isFalse();
    }

    @Test
    void thePageOpensWhateverItsAddressAsks() throws Exception {
        URI link = pipeline.api().get("/").response().uri().resolve("/?utm_source=mail&file=app.js");
        HttpResponse<String> opened = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(opened.statusCode()).isEqualTo(200);
        assertThat(opened.body()).startsWith("<!doctype html>");
    }

    @Test
    void thePageIsSentAgainOnlyWhenItHasChanged() {
        Answer page = pipeline.api().get("/");
        assertThat(pipeline.api()
                        .with("If-None-Match", page.header("ETag"))
                        .get("/")
                        .status())
                .isEqualTo(304);
    }
}
