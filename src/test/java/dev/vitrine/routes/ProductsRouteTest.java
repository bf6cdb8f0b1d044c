package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code products.camel.yaml}: what the index holds of a product. */
class ProductsRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void aProductIsShownUntilItIsDeleted() {
        pipeline.await(pipeline.upload("lamp"), "completed");

        assertThat(pipeline.api().get("/products/lamp").body().path("images")).hasSize(1);
        assertThat(pipeline.api().delete("/products/lamp").status()).isBetween(200, 204);
        assertThat(pipeline.api().get("/products/lamp").status()).isEqualTo(404);
    }

    @Test
    void productsAreListed() {
        pipeline.await(pipeline.upload("vase"), "completed");

        Answer page = pipeline.api().get("/products?limit=1000");
        assertThat(page.body().path("products").findValuesAsText("product_id")).contains("vase");
        assertThat(page.body().path("next_cursor").isNull()).isTrue();
        assertThat(pipeline.api()
                        .get("/products/vase/similar")
                        .body()
                        .path("results")
                        .findValuesAsText("product_id"))
                .doesNotContain("vase");
        assertThat(pipeline.api().delete("/products/vase").status()).isEqualTo(200);
    }

    @Test
    void aSmallPictureIsThereAsLongAsItsProduct() throws Exception {
        pipeline.await(pipeline.upload("framed"), "completed");

        Answer small = pipeline.api().get("/products/framed/images/main/thumbnail");
        assertThat(small.status()).isEqualTo(200);
        assertThat(small.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(small.header("X-Content-Type-Options")).isEqualTo("nosniff");
        Answer known = pipeline.api()
                .with("If-None-Match", small.header("ETag"))
                .get("/products/framed/images/main/thumbnail");
        assertThat(known.status()).isEqualTo(304);

        pipeline.api().delete("/products/framed");
        assertThat(pipeline.api().get("/products/framed/images/main/thumbnail").status())
                .isEqualTo(404);
    }

    @Test
    void whatIsSaidOfAPictureIsChangedAndItsVectorStays() {
        pipeline.await(pipeline.upload("stool"), "completed");
        Answer before = pipeline.api().get("/products/stool");
        JsonNode similar = pipeline.api().get("/products/stool/similar").body().path("results");

        Answer changed = pipeline.api()
                .patch("/products/stool/images/main", "{\"name\":\"Stool, oak\",\"metadata\":{\"price\":12.5}}");

        assertThat(changed.status()).isEqualTo(200);
        JsonNode image =
                pipeline.api().get("/products/stool").body().path("images").path(0);
        assertThat(image.path("name").asText()).isEqualTo("Stool, oak");
        assertThat(image.path("metadata").path("price").asDouble()).isEqualTo(12.5);
        assertThat(image.path("version"))
                .isEqualTo(before.body().path("images").path(0).path("version"));
        assertThat(pipeline.api().get("/products/stool/similar").body().path("results"))
                .isEqualTo(similar);
        assertThat(pipeline.api().patch("/products/stool/images/back", "{}").status())
                .isEqualTo(404);
        for (String wrong : new String[] {"", "[1]", "{\"name\":\"\"}", "{\"nmae\":\"x\"}", "{\"metadata\":1}", "{"}) {
            assertThat(pipeline.api()
                            .offContract()
                            .patch("/products/stool/images/main", wrong)
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(pipeline.api().delete("/products/stool").status()).isEqualTo(200);
    }

    @Test
    void whatMeetsAFilterIsDeleted() {
        for (String colour : new String[] {"red", "blue"}) {
            Answer answer = pipeline.api()
                    .upload(
                            Map.of("product_id", colour, "name", colour, "metadata", "{\"colour\":\"" + colour + "\"}"),
                            Pictures.jpeg(colour.hashCode()));
            pipeline.await(answer.text("job_id"), "completed");
        }

        Answer deleted = pipeline.api()
                .delete("/products?filter=" + URLEncoder.encode("{\"colour\":\"red\"}", StandardCharsets.UTF_8));
        assertThat(deleted.body().path("deleted").asInt()).isEqualTo(1);
        assertThat(pipeline.api().get("/products/red").status()).isEqualTo(404);
        assertThat(pipeline.api().get("/products/blue").status()).isEqualTo(200);
    }

    @Test
    void onePictureIsDeletedAndTheOthersStay() {
        for (String image : new String[] {"front", "back"}) {
            Answer answer = pipeline.api()
                    .upload(
                            Map.of("product_id", "two", "name", "Two", "image_id", image),
                            Pictures.jpeg(image.hashCode()));
            pipeline.await(answer.text("job_id"), "completed");
        }

        Answer refused = pipeline.api().offContract().delete("/products/two?image_id=back");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("errors").path(0).path("field").asText()).isEqualTo("image_id");

        Answer deleted = pipeline.api().delete("/products/two/images/back");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.body().path("deleted").asInt()).isEqualTo(1);
        assertThat(pipeline.api().get("/products/two").body().path("images").findValuesAsText("image_id"))
                .containsExactly("front");
        assertThat(pipeline.api().delete("/products/two/images/back").status()).isEqualTo(404);
    }
}
