package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code search.camel.yaml}: search by picture and by words. */
class SearchRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void aPictureFindsItself() {
        pipeline.await(pipeline.upload("lamp"), "completed");

        Answer answer = pipeline.api().searchByPicture(Pictures.jpeg("lamp".hashCode()));

        assertThat(answer.body().path("results").path(0).path("product_id").asText())
                .isEqualTo("lamp");
    }

    @Test
    void wordsAreAnsweredToo() {
        Answer answer = pipeline.api().postJson("/search", "{\"text\":\"a lamp\",\"limit\":1}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().has("results")).isTrue();
    }

    @Test
    void examplesOfEveryKindAreOneSearch() {
        pipeline.await(pipeline.upload("chair"), "completed");
        pipeline.await(pipeline.upload("table"), "completed");
        MultipartBody form = new MultipartBody()
                .file("image_file", "q.jpg", Pictures.jpeg("table".hashCode()))
                .field("products", "[{\"product_id\":\"chair\",\"weight\":-0.1}]")
                .field("text", "a table");

        Answer answer = pipeline.api().postForm("/search", form);

        assertThat(answer.body().path("results").findValuesAsText("product_id"))
                .contains("table")
                .doesNotContain("chair");
    }

    @Test
    void aPictureFindsItselfAtThePathOfPicturesToo() {
        pipeline.await(pipeline.upload("vase"), "completed");
        MultipartBody form = new MultipartBody()
                .file("image_file", "q.jpg", Pictures.jpeg("vase".hashCode()))
                .field("limit", "1");

        Answer answer = pipeline.api().postForm("/search/by-picture", form);
        Answer words = pipeline.api().offContract().postJson("/search/by-picture", "{\"text\":\"a vase\"}");

        assertThat(answer.body().path("results").findValuesAsText("product_id")).containsExactly("vase");
        assertThat(words.status()).isEqualTo(415);
    }
}
