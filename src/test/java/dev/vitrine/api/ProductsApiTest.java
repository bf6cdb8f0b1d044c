package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products and what is like them, as clients ask. */
class ProductsApiTest {

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"));
        upload("mug", "front", "Mug", "{\"price\":12}");
        upload("mug", "back", "Mug, new", "{\"price\":13}");
        upload("lamp", "main", "Lamp", "{\"price\":50}");
        upload("vase", "main", "Vase", "{}");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Indexed at once, as there is no queue. */
    private static void upload(String productId, String imageId, String name, String metadata) {
        Map<String, String> fields =
                Map.of("product_id", productId, "image_id", imageId, "name", name, "metadata", metadata);
        assertThat(service.api()
                        .upload(fields, Pictures.jpeg((productId + imageId).hashCode()))
                        .status())
                .isEqualTo(200);
    }

    private static Answer list(String query) {
        return service.api().get("/products" + query);
    }

    private static String encoded(String filter) {
        return URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    @Test
    void aPageGoesOnWhereTheOneBeforeEnded() {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            JsonNode body = list("?limit=1" + cursor).body();
            seen.addAll(body.path("products").findValuesAsText("product_id"));
            cursor = "&cursor=" + body.path("next_cursor").asText();
            assertThat(body.path("next_cursor").isNull()).isEqualTo(page == 2);
        }
        assertThat(seen).containsExactlyInAnyOrder("mug", "lamp", "vase");
        assertThat(list("").body().path("products").findValuesAsText("product_id"))
                .isEqualTo(seen);
    }

    @Test
    void anEntryShowsTheNewestNameAndAllPictures() {
        JsonNode found =
                list("?filter=" + encoded("{\"price\":{\"lt\":20}}")).body().path("products");
        assertThat(found).hasSize(1);
        JsonNode mug = found.get(0);
        assertThat(mug.path("name").asText()).isEqualTo("Mug, new");
        assertThat(mug.path("metadata").path("price").asInt()).isEqualTo(13);
        assertThat(mug.path("image_ids")).extracting(JsonNode::asText).containsExactly("back", "front");
        assertThat(list("?filter=" + encoded("{\"price\":12}"))
                        .body()
                        .path("products")
                        .findValuesAsText("name"))
                .containsExactly("Mug");
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0, limit",
        "?limit=1001, limit",
        "?limit=x, limit",
        "?cursor=x, cursor",
        "?filter=x, filter",
        "?filter=%5B1%5D, filter",
        "?limt=1, limt",
        "?limit=1&limit=2, limit"
    })
    void aParameterAtFaultIsNamed(String query, String parameter) {
        Answer answer = service.api().offContract().get("/products" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(parameter);
    }

    @Test
    void whatIsSimilarLeavesTheProductItselfOut() {
        JsonNode found = service.api().get("/products/mug/similar").body();
        assertThat(found.path("results").findValuesAsText("product_id")).containsExactlyInAnyOrder("lamp", "vase");
        double best = found.path("results").path(0).path("score").asDouble();
        double second = found.path("results").path(1).path("score").asDouble();
        assertThat(best).isGreaterThan(second);
        assertThat(service.api().get("/products/mug/similar?limit=1").body().path("results"))
                .hasSize(1);
        assertThat(service.api()
                        .get("/products/mug/similar?min_score=" + (best + second) / 2)
                        .body()
                        .path("results"))
                .hasSize(1);
        assertThat(service.api()
                        .get("/products/mug/similar?filter=" + encoded("{\"price\":{\"lt\":60}}"))
                        .body()
                        .path("results")
                        .findValuesAsText("product_id"))
                .containsExactly("lamp");
    }

    @Test
    void nothingIsSimilarToAProductThatIsNotThere() {
        for (String id : List.of("nobody", "%2E%2E%2F", "null")) {
            assertThat(service.api().get("/products/" + id + "/similar").status())
                    .isEqualTo(404);
        }
        Answer answer = service.api().offContract().get("/products/mug/similar?limit=0");
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("limit");
    }
}
