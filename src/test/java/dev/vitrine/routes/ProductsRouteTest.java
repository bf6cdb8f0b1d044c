package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pipeline;
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
}
