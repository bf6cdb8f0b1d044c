package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.vitrine.http.OpenApiDocument;
import dev.vitrine.intake.Intake;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code openapi/vitrine.yaml} says what the route files say. That answers are as it says is seen by all tests' client. */
class OpenApiTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern ONLY = Pattern.compile("only\\('([^']*)'\\)");
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^/}]+)}");

    /** These are served without a route, by Camel and, as it never ends, by the server. */
    private static final Set<String> NO_ROUTE = Set.of(
            "GET /events",
            "GET /observe/health",
            "GET /observe/health/live",
            "GET /observe/health/ready",
            "GET /observe/metrics");

    /** With these any request may be refused, whatever its path. */
    private static final List<String> ANYWHERE = List.of("400", "401", "403", "408", "413", "415", "417", "500", "503");

    private final JsonNode document = new ObjectMapper().valueToTree(new OpenApiDocument().read());

    private interface Visitor {
        void visit(String operation, JsonNode definition);
    }

    private void operations(Visitor visitor) {
        document.path("paths").fields().forEachRemaining(path -> path.getValue()
                .fields()
                .forEachRemaining(method ->
                        visitor.visit(method.getKey().toUpperCase() + " " + path.getKey(), method.getValue())));
    }

    /** The routes that shipped files have for requests, by method and path. */
    private static Map<String, JsonNode> routes() throws IOException {
        Map<String, JsonNode> routes = new TreeMap<>();
        for (Path file : ShippedFiles.in("routes")) {
            for (JsonNode entry : YAML.readTree(file.toFile())) {
                JsonNode from = entry.path("route").path("from");
                if (from.path("uri").asText().startsWith("platform-http")) {
                    JsonNode parameters = from.path("parameters");
                    assertThat(parameters.path("httpMethodRestrict").asText())
                            .as(entry.path("route").path("id") + " says which methods it takes")
                            .isNotEmpty();
                    for (String method :
                            parameters.path("httpMethodRestrict").asText().split(",")) {
                        routes.put(
                                method.strip() + " " + parameters.path("path").asText(), from);
                    }
                }
            }
        }
        return routes;
    }

    @Test
    void everyRouteOfHttpIsInTheDocumentAndTheOtherWayRound() throws IOException {
        Set<String> described = new TreeSet<>();
        operations((operation, definition) -> described.add(operation));
        Set<String> served = new TreeSet<>(routes().keySet());
        served.addAll(NO_ROUTE);

        assertThat(described)
                .as("src/main/resources/openapi/vitrine.yaml, and what is served")
                .isEqualTo(served);
    }

    @Test
    void everyParameterOfAPathIsDescribedAsTheRouteTakesIt() throws IOException {
        Map<String, JsonNode> routes = routes();
        operations((operation, definition) -> {
            if (!NO_ROUTE.contains(operation)) {
                assertThat(names(definition, "query"))
                        .as("query parameters of " + operation)
                        .isEqualTo(taken(operation, routes.get(operation)));
            }
            Set<String> inPath = new TreeSet<>();
            PATH_PARAMETER.matcher(operation).results().forEach(found -> inPath.add(found.group(1)));
            assertThat(names(definition, "path"))
                    .as("path parameters of " + operation)
                    .isEqualTo(inPath);
        });
    }

    private Set<String> names(JsonNode definition, String in) {
        Set<String> names = new TreeSet<>();
        for (JsonNode reference : definition.path("parameters")) {
            JsonNode parameter = resolve(reference);
            if (parameter.path("in").asText().equals(in)) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static Set<String> taken(String operation, JsonNode from) {
        for (JsonNode step : from.path("steps")) {
            if (step.path("bean").path("ref").asText().equals("parameters")) {
                Matcher only = ONLY.matcher(step.path("bean").path("method").asText());
                return only.matches() ? new TreeSet<>(Set.of(only.group(1).split(" +"))) : Set.of();
            }
        }
        throw new AssertionError(operation + " begins with the bean parameters, so that none passes unseen");
    }

    @Test
    void everyOperationNamesTheRefusalsThatMeetAnyRequest() {
        operations((operation, definition) -> {
            if (!NO_ROUTE.contains(operation)) {
                assertThat(definition.path("responses").fieldNames())
                        .toIterable()
                        .as(operation)
                        .containsAll(ANYWHERE);
            }
        });
    }

    @Test
    void anUploadIsDescribedWithItsFields() {
        Set<String> fields = new TreeSet<>(Intake.FIELDS);
        fields.add("image_file");
        Set<String> described = new TreeSet<>();
        document.at("/components/schemas/Upload/properties").fieldNames().forEachRemaining(described::add);

        assertThat(described).isEqualTo(fields);
    }

    @Test
    void everyReferenceLeadsSomewhereAndNothingIsLeftOver() {
        // No operation can have this answer: it is that of a method that has none.
        Set<String> used = new TreeSet<>(Set.of("#/components/responses/MethodNotAllowed"));
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
            used.add(reference.asText());
        }
        // These are meant by their names.
        document.findValues("security")
                .forEach(ways -> ways.forEach(way ->
                        way.fieldNames().forEachRemaining(name -> used.add("#/components/securitySchemes/" + name))));
        document.path("components").fields().forEachRemaining(kind -> kind.getValue()
                .fieldNames()
                .forEachRemaining(name -> assertThat(used).contains("#/components/" + kind.getKey() + "/" + name)));
    }

    /** Generators take such a thing for an object, and send the field of a form as JSON in quotes. */
    @Test
    void noReferenceHasAnythingBesideIt() {
        for (JsonNode reference : document.findParents("$ref")) {
            assertThat(reference).as(reference.toString()).hasSize(1);
        }
    }

    @Test
    void everyOperationHasANameOfItsOwnAndSaysWhatItIsFor() {
        Set<String> ids = new TreeSet<>();
        operations((operation, definition) -> {
            assertThat(ids.add(definition.path("operationId").asText()))
                    .as(operation)
                    .isTrue();
            assertThat(definition.path("summary").asText()).as(operation).isNotEmpty();
        });
    }
}
