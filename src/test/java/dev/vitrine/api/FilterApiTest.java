package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters as clients send them. */
class FilterApiTest {

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"));
        upload("air", "{\"brand\":\"Nike\",\"price\":39.5,\"size\":[\"38\",\"39\"],\"ean\":9007199254740993}");
        upload("zoom", "{\"brand\":\"Nike\",\"price\":12,\"size\":[\"41\"],\"dimensions\":{\"height\":12}}");
        upload("gazelle", "{\"brand\":\"adidas\",\"price\":\"12,50\",\"size\":[],\"not\":\"x\"}");
        upload("plain", null);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Indexed at once, as there is no queue. */
    private static void upload(String productId, String metadata) {
        Map<String, String> fields = metadata == null
                ? Map.of("product_id", productId, "name", productId)
                : Map.of("product_id", productId, "name", productId, "metadata", metadata);
        assertThat(service.api()
                        .upload(fields, Pictures.jpeg(productId.hashCode()))
                        .status())
                .isEqualTo(200);
    }

    private static List<String> found(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body().path("results").findValuesAsText("product_id");
    }

    private static List<String> byWords(String filter) {
        return found(service.api().postJson("/search", "{\"text\":\"shoe\",\"filter\":" + filter + "}"));
    }

    private static Answer byPicture(HttpApi api, String filter) {
        MultipartBody form = new MultipartBody().field("filter", filter).file("image_file", "q.jpg", Pictures.jpeg(3));
        return api.postForm("/search", form);
    }

    @Test
    void aSearchByWordsFindsWhatTheFilterLetsThrough() {
        assertThat(byWords("{\"brand\":\"Nike\"}")).containsExactlyInAnyOrder("air", "zoom");
        assertThat(byWords("{\"brand\":\"nike\"}")).isEmpty();
        assertThat(byWords("{\"size\":{\"any\":[\"39\",\"40\",\"41\"]},\"price\":{\"lt\":20}}"))
                .containsExactly("zoom");
        assertThat(byWords("{\"price\":{\"gte\":10,\"lt\":50}}")).containsExactlyInAnyOrder("air", "zoom");
        assertThat(byWords("{\"ean\":9007199254740993}")).containsExactly("air");
        assertThat(byWords("{\"ean\":9007199254740992}")).isEmpty();
        assertThat(byWords("{\"size\":{\"exists\":false}}")).containsExactlyInAnyOrder("gazelle", "plain");
        assertThat(byWords("{\"or\":[{\"dimensions.height\":{\"gt\":11}},{\"\\\"not\\\"\":\"x\"}]}"))
                .containsExactlyInAnyOrder("zoom", "gazelle");
        assertThat(byWords("{\"not\":{\"brand\":{\"exists\":true}}}")).containsExactly("plain");
        assertThat(byWords("{}")).hasSize(4);
    }

    @Test
    void aSearchByPictureTakesTheFilterAsAField() {
        assertThat(found(byPicture(service.api(), "{\"brand\":\"adidas\",\"price\":\"12,50\"}")))
                .containsExactly("gazelle");
        assertThat(found(byPicture(service.api(), "{}"))).hasSize(4);
    }

    @Test
    void aFilterThatIsNoneIsRefusedWithItsPlaceAndWhatWasMeant() {
        Answer answer = service.api()
                .offContract()
                .postJson("/search", "{\"text\":\"shoe\",\"filter\":{\"price\":{\"gtee\":1},\"size\":[\"38\"]}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("filter", "filter");
        assertThat(answer.body().path("errors").findValuesAsText("detail"))
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("/price/gtee", "did you mean \"gte\"?"),
                        detail -> assertThat(detail).contains("/size", "{\"any\":"));
        Answer noJson = byPicture(service.api().offContract(), "{\"a\":");
        assertThat(noJson.status()).isEqualTo(400);
        assertThat(noJson.text("detail")).contains("filter: is not JSON");
    }

    @Test
    void aDeletionTakesAFilterAndNeverNone() {
        upload("old-1", "{\"season\":\"2019\"}");
        upload("old-2", "{\"season\":[\"2019\",\"2020\"]}");
        upload("new", "{\"season\":\"2026\"}");
        for (String none :
                List.of("/products", "/products?filter=", "/products?filter=%7B%7D", "/products?filter=null")) {
            Answer answer = service.api().offContract().delete(none);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("filter");
        }
        String filter = URLEncoder.encode("{\"season\":\"2019\"}", StandardCharsets.UTF_8);

        Answer answer = service.api().delete("/products?filter=" + filter);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.body().path("deleted").asInt()).isEqualTo(2);
        assertThat(service.api().get("/products/old-1").status()).isEqualTo(404);
        assertThat(service.api()
                        .delete("/products?filter=" + filter)
                        .body()
                        .path("deleted")
                        .asInt())
                .isZero();
        assertThat(service.api().delete("/products/new").status()).isEqualTo(200);
    }
}
