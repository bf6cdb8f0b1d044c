package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches by several examples, as clients send them. */
class CombinedSearchTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-4);

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"));
        for (String productId : List.of("mug", "lamp", "vase", "Größe 38")) {
            upload(productId, "main");
        }
        upload("mug", "back");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void upload(String productId, String imageId) {
        Map<String, String> fields = Map.of("product_id", productId, "image_id", imageId, "name", productId);
        assertThat(service.api().upload(fields, picture(productId, imageId)).status())
                .isEqualTo(200);
    }

    private static byte[] picture(String productId, String imageId) {
        return Pictures.jpeg((productId + imageId).hashCode());
    }

    private static MultipartBody form(String... products) {
        MultipartBody form = new MultipartBody();
        for (int i = 0; i < products.length; i++) {
            form.file(i == 0 ? "image_file" : "image_files", "q.jpg", picture(products[i], "main"));
        }
        return form;
    }

    private static JsonNode found(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body().path("results");
    }

    private static JsonNode json(String query) {
        return found(service.api().postJson("/search", query));
    }

    private static JsonNode posted(MultipartBody form) {
        return found(service.api().postForm("/search", form));
    }

    private static List<String> ids(JsonNode results) {
        return results.findValuesAsText("product_id");
    }

    private static double score(JsonNode results, String productId) {
        for (JsonNode result : results) {
            if (result.path("product_id").asText().equals(productId)) {
                return result.path("score").asDouble();
            }
        }
        throw new AssertionError(productId + " is not in " + results);
    }

    /** cos(q, v) of q = (a + b) / |a + b| is (a·v + b·v) / √(2 + 2 a·b). */
    @Test
    void theScoreIsThatOfTheDocumentedFormula() {
        JsonNode byLamp = posted(form("lamp"));
        JsonNode byVase = posted(form("vase"));
        double between = score(byLamp, "vase");

        JsonNode byBoth = posted(form("lamp", "vase"));
        double expected = (score(byLamp, "mug") + score(byVase, "mug")) / Math.sqrt(2 + 2 * between);
        assertThat(byBoth.findValuesAsText("image_id")).contains("main");
        assertThat(score(byBoth, "lamp")).isCloseTo(Math.sqrt((1 + between) / 2), ROUNDING);
        assertThat(score(byBoth, "vase")).isCloseTo(score(byBoth, "lamp"), ROUNDING);
        assertThat(score(byBoth, "mug")).isGreaterThanOrEqualTo(expected - 1e-4);

        JsonNode weighted = posted(form("lamp", "vase").field("image_weights", "[3,-1]"));
        assertThat(score(weighted, "lamp")).isCloseTo((3 - between) / Math.sqrt(10 - 6 * between), ROUNDING);
        assertThat(score(weighted, "vase")).isCloseTo((3 * between - 1) / Math.sqrt(10 - 6 * between), ROUNDING);
    }

    @Test
    void aProductStandsForItsPicturesAndIsLeftOut() {
        JsonNode byProduct = json("{\"products\":[\"lamp\"]}");
        JsonNode byPicture = posted(form("lamp"));
        assertThat(ids(byPicture).get(0)).isEqualTo("lamp");
        assertThat(ids(byProduct)).isEqualTo(ids(byPicture).subList(1, 4));
        assertThat(score(byProduct, "vase")).isCloseTo(score(byPicture, "vase"), ROUNDING);
        assertThat(json("{\"products\":[\"mug\"]}"))
                .isEqualTo(service.api().get("/products/mug/similar").body().path("results"));
        assertThat(ids(json("{\"products\":[\"lamp\",{\"product_id\":\"Gro\u0308\u00dfe 38\",\"weight\":-1}]}")))
                .containsExactlyInAnyOrder("mug", "vase");
    }

    @Test
    void wordsGoTogetherWithPicturesAndProducts() {
        JsonNode words = json("{\"text\":\"a red mug\"}");
        assertThat(ids(json("{\"text\":\"a red mug\",\"text_weight\":7}"))).isEqualTo(ids(words));
        JsonNode against = json("{\"text\":\"a red mug\",\"text_weight\":-1}");
        assertThat(score(against, "lamp")).isCloseTo(-score(words, "lamp"), ROUNDING);

        JsonNode mostlyPicture = posted(form("vase").field("text", "a red mug").field("text_weight", "0.001"));
        assertThat(score(mostlyPicture, "vase")).isGreaterThan(0.999);
        assertThat(ids(posted(form("vase").field("text", "a red mug").field("products", "[\"lamp\"]"))))
                .doesNotContain("lamp");
    }

    @Test
    void otherPicturesComeOnRequest() {
        assertThat(posted(form("mug")).path(0).has("other_pictures")).isFalse();
        JsonNode mug = posted(form("mug").field("other_pictures", "5")).path(0);
        assertThat(mug.path("image_id").asText()).isEqualTo("main");
        assertThat(mug.path("other_pictures").findValuesAsText("image_id")).containsExactly("back");
        assertThat(mug.path("other_pictures").path(0).path("score").asDouble())
                .isLessThan(mug.path("score").asDouble());

        JsonNode similar = found(service.api().get("/products/lamp/similar?other_pictures=1"));
        assertThat(similar).allSatisfy(result -> assertThat(result.path("other_pictures"))
                .hasSize(result.path("product_id").asText().equals("mug") ? 1 : 0));
        assertThat(json("{\"text\":\"x\",\"other_pictures\":2}").findValues("other_pictures"))
                .hasSize(4);

        Answer tooMany = service.api().postJson("/search", "{\"text\":\"x\",\"limit\":1000,\"other_pictures\":3}");
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooMany.text("detail")).contains("at most 2 with a limit of 1000");
        assertRefused(form("mug").field("other_pictures", "101"), "other_pictures", "100");
    }

    @Test
    void whatIsWrongIsNamed() {
        Answer unknown =
                service.api().postJson("/search", "{\"products\":[\"nobody\",\"lamp\",{\"product_id\":\"none\"}]}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().path("errors").findValuesAsText("field")).containsExactly("products", "products");
        assertThat(unknown.text("detail")).contains("nobody");

        Answer zero =
                service.api().postJson("/search", "{\"products\":[\"lamp\",{\"product_id\":\"lamp\",\"weight\":-1}]}");
        assertThat(zero.status()).isEqualTo(422);
        assertThat(zero.text("detail")).contains("cancel each other out");
        assertThat(service.api()
                        .postForm("/search", form("lamp", "lamp").field("image_weights", "[1,-1]"))
                        .status())
                .isEqualTo(422);

        Answer noPicture = service.api()
                .postForm("/search", form("lamp", "vase").file("image_files", "x.jpg", "no picture".getBytes()));
        assertThat(noPicture.status()).isEqualTo(415);
        assertThat(noPicture.body().path("errors").findValuesAsText("field")).containsExactly("image_files");
        assertThat(noPicture.text("detail")).contains("/1");

        assertRefused(form("lamp").field("products", "[\"\"]"), "products", "/0 is empty");
        assertRefused(form("lamp", "vase").field("image_weights", "[1]"), "image_weights", "2");
        assertRefused(form("lamp", "vase").field("image_weights", "[1,0]"), "image_weights", "/1");
        assertRefused(form("lamp").field("image_weights", "1,2"), "image_weights", "JSON");
        assertRefused(form("lamp").field("products", "lamp"), "products", "JSON");
        assertRefused(form("lamp").field("text_weight", "1"), "text_weight", "text");
        assertRefused(form("lamp", "mug", "mug", "mug", "mug", "mug", "mug", "mug", "mug"), "image_files", "8");
        assertRefused(form("lamp").file("image_file", "r.jpg", picture("mug", "main")), "image_file", "image_files");
        assertRefused(form("lamp").field("image_files", "x"), "image_files", "file");
    }

    private static void assertRefused(MultipartBody form, String field, String words) {
        Answer answer = service.api().offContract().postForm("/search", form);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
        assertThat(answer.text("detail")).contains(words);
    }
}
