package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The route files are valid against Camel's own schema, and every route says what it is for. */
class RouteSchemaTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(RouteSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));

    static List<Path> routeFiles() {
        List<Path> files = new ArrayList<>(ShippedFiles.in("routes"));
        files.addAll(ShippedFiles.in("routes/examples"));
        return files;
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void matchesCamelsSchema(Path file) throws IOException {
        assertThat(SCHEMA.validate(YAML.readTree(file.toFile()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void everyRouteHasAnIdAndADescription(Path file) throws IOException {
        for (JsonNode entry : YAML.readTree(file.toFile())) {
            if (entry.has("beans")) {
                continue;
            }
            JsonNode definition = entry.has("route") ? entry.path("route") : entry.path("routeConfiguration");
            assertThat(definition.path("id").asText()).isNotEmpty();
            assertThat(definition.path("description").asText())
                    .as(definition.path("id").asText())
                    .isNotEmpty();
        }
    }

    /** As Kaoto writes a file, so that nothing moves when it is saved there. */
    @ParameterizedTest
    @MethodSource("routeFiles")
    void configurationsStandBeforeRoutes(Path file) throws IOException {
        boolean afterARoute = false;
        for (JsonNode entry : YAML.readTree(file.toFile())) {
            assertThat(afterARoute && entry.has("routeConfiguration"))
                    .as(entry.path("routeConfiguration").path("id").asText())
                    .isFalse();
            afterARoute |= entry.has("route");
        }
    }

    /** A timer stands still for as long as the machine's clock was set back; a scheduler goes by one that nobody sets. */
    @ParameterizedTest
    @MethodSource("routeFiles")
    void nothingGoesByAClockThatCanBeSetBack(Path file) throws IOException {
        assertThat(YAML.readTree(file.toFile()).findValuesAsText("uri")).noneMatch(uri -> uri.startsWith("timer"));
    }
}
