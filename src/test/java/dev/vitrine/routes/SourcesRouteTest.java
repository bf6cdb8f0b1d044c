package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code sources.camel.yaml}: what sources other than HTTP send their pictures to. */
class SourcesRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @RegisterExtension
    static final Pipeline studio = new Pipeline()
            .countKamelets()
            .route(
                    "studio.camel.yaml",
                    """
                    - route:
                        id: studio
                        description: A source of a site's own.
                        from:
                          uri: direct:studio
                          steps:
                            - to:
                                uri: kamelet:vitrine-take-action
                                parameters:
                                  productId: ${header.sku}
                                  name: Product ${header.sku}
                    """);

    private static Exchange take(String product, byte[] picture) {
        return pipeline.template().request("direct:take", exchange -> {
            exchange.getMessage().setHeaders(new HashMap<>(Map.of("product_id", product, "name", product)));
            exchange.getMessage().setBody(picture);
        });
    }

    @Test
    void bytesAreTakenAndTheMessageIsAsBefore() {
        byte[] picture = Pictures.jpeg(1);
        Exchange exchange = take("lamp", picture);

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getVariable("outcome")).isEqualTo("queued");
        assertThat(exchange.getMessage().getBody()).isSameAs(picture);
        pipeline.await(exchange.getVariable("jobId", String.class), "completed");
    }

    @Test
    void aPictureAtFaultIsRefusedForGood() {
        Exchange exchange = take("vase", "text".getBytes());

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getVariable("outcome")).isEqualTo("refused");
    }

    @Test
    void anyOtherFailureIsTheSourcesAndKeepsNothing() {
        pipeline.fail("commit", () -> new IllegalStateException("the disk hiccuped"));

        assertThat(take("chair", Pictures.jpeg(2)).getException()).hasMessage("the disk hiccuped");
        Awaitility.await().untilAsserted(() -> assertThat(pipeline.keptFiles()).isEmpty());
    }

    @Test
    void aSourceOfASitesOwnIsARouteWithOneBuildingBlock() {
        studio.template().sendBodyAndHeader("direct:studio", Pictures.jpeg(3), "sku", "mug-7");

        Awaitility.await()
                .until(() ->
                        studio.api().get("/products/mug-7").response().body().contains("Product mug-7"));
    }
}
