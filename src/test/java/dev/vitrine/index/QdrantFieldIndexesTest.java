package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.QdrantServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The fields that an operator names get an index in Qdrant, in a new collection and in one that is there. */
class QdrantFieldIndexesTest {
    private final String collection = "fields-" + UUID.randomUUID();

    private QdrantIndex index(String... fields) {
        IndexSettings settings =
                new IndexSettings(QdrantServer.shared().grpcUrl(), null, collection, null, Duration.ofSeconds(20));
        return new QdrantIndex(settings.withFilterFields(FilterField.all(List.of(fields))), SPACE);
    }

    private JsonNode call(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(QdrantServer.shared().httpUrl() + "/collections/" + collection + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            String answer = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
            return new ObjectMapper().readTree(answer).path("result");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String type(String field) {
        return call("GET", "", "")
                .path("payload_schema")
                .path("metadata." + field)
                .path("data_type")
                .asText();
    }

    @Test
    void namedFieldsAreIndexedInANewCollection() {
        try (QdrantIndex index = index("brand:keyword", "price:number", "sold_out:bool", "\"size.eu\":keyword")) {
            index.check();
            await().untilAsserted(() -> {
                assertThat(type("brand")).isEqualTo("keyword");
                assertThat(type("price")).isEqualTo("float");
                assertThat(type("sold_out")).isEqualTo("bool");
                assertThat(type("\"size.eu\"")).isEqualTo("keyword");
            });
            index.check();
        }
    }

    @Test
    void ofACollectionThatIsThereThePointsTellTheTypesAndFieldsInObjectsAndListsCount() {
        try (QdrantIndex index = index()) {
            for (int i = 0; i < 5; i++) {
                Object price = i == 0 ? "12,50" : 12.5 * i;
                Map<String, Object> metadata =
                        Map.of("brand", "b" + i, "price", price, "dim", Map.of("h", i), "sizes", List.of("38", "39"));
                index.upsert(product("p" + i, "main", 1, metadata), vector(i));
            }
        }
        try (QdrantIndex index = index("brand", "price", "dim.h", "sizes", "dim", "nowhere")) {
            index.check();
            await().untilAsserted(() -> {
                assertThat(type("brand")).isEqualTo("keyword");
                assertThat(type("price")).isEqualTo("float");
                assertThat(type("dim.h")).isEqualTo("float");
                assertThat(type("sizes")).isEqualTo("keyword");
            });
            assertThat(type("dim")).isEmpty();
            assertThat(type("nowhere")).isEmpty();
        }
    }

    @Test
    void aFieldWithoutATypeIsIndexedOnceThereArePoints() {
        try (QdrantIndex index = index("brand")) {
            index.check();
            assertThat(type("brand")).isEmpty();
            index.upsert(product("p", "main", 1, Map.of("brand", "Nike")), vector(1));
            await().untilAsserted(() -> {
                index.check();
                assertThat(type("brand")).isEqualTo("keyword");
            });
        }
    }

    @Test
    void anIndexOfAnotherTypeIsSaidWithBothWaysOut() {
        try (QdrantIndex index = index()) {
            index.check();
        }
        call("PUT", "/index?wait=true", "{\"field_name\":\"metadata.price\",\"field_schema\":\"integer\"}");
        try (QdrantIndex index = index("price:number")) {
            assertThatThrownBy(index::check)
                    .isInstanceOf(UnfitIndexException.class)
                    .hasMessageContaining("index of type integer of the field price")
                    .hasMessageContaining("VITRINE_FILTER_FIELDS says price:number")
                    .hasMessageContaining("DELETE /collections/" + collection + "/index/metadata.\"price\"");
        }
        call("DELETE", "/index/metadata.%22price%22?wait=true", "");
        try (QdrantIndex index = index("price:number")) {
            index.check();
            await().untilAsserted(() -> assertThat(type("price")).isEqualTo("float"));
        }
    }
}
