package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo's catalogue is complete, and its own queries find its products. */
class SampleCatalogueTest {

    private static final Path FOLDER = Path.of("samples/catalogue");
    private static final String MANIFEST = "manifest.json";

    private final List<JsonNode> products = new ArrayList<>();

    @BeforeEach
    void readTheManifest() throws IOException {
        new ObjectMapper().readTree(FOLDER.resolve(MANIFEST).toFile()).forEach(products::add);
    }

    @Test
    void namesSixtyProductsThatCanBeIndexed() {
        assertThat(products).hasSize(60);
        assertThat(products).allSatisfy(product -> {
            assertThat(product.path("product_id").asText()).matches("[A-Za-z0-9._:-]{1,128}");
            assertThat(product.path("name").asText()).isNotBlank();
            assertThat(product.path("query").asText()).isNotBlank();
            assertThat(product.path("metadata").isObject()).isTrue();
        });
        assertThat(products)
                .extracting(product -> product.path("product_id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void namesEachPictureOnceAndNoOther() throws IOException {
        Set<String> named = new HashSet<>(Set.of(MANIFEST));
        products.forEach(
                product -> assertThat(named.add(product.path("file").asText())).isTrue());
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void staysBelowTwoMegabytes() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            long bytes = files.mapToLong(file -> file.toFile().length()).sum();
            System.out.printf("samples/catalogue: %,d bytes%n", bytes);
            assertThat(bytes).isLessThan(2_000_000);
        }
    }

    @Test
    void itsQueriesFindTheirProducts() throws Exception {
        try (Mini mini = new Mini()) {
            List<float[]> pictures = mini.pictures(products.stream()
                    .map(product -> FOLDER.resolve(product.path("file").asText()))
                    .toList());
            int found = 0;
            for (JsonNode product : products) {
                String query = product.path("query").asText();
                JsonNode first = products.get(Mini.nearest(mini.text(query), pictures));
                // Two products of the same description are equally right.
                if (first.path("query").asText().equals(query)) {
                    found++;
                } else {
                    System.out.printf(
                            "samples/catalogue: \"%s\" finds %s first%n",
                            query, first.path("product_id").asText());
                }
            }
            System.out.printf("samples/catalogue: %d of %d queries find their product first%n", found, products.size());
            assertThat((double) found / products.size()).isGreaterThanOrEqualTo(0.9);
        }
    }
}
