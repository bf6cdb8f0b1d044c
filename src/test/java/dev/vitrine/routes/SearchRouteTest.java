package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

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
}
