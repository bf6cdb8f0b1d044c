package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.vitrine.testing.Pipeline;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Every step of the route files and Kamelets was run by a test of this package, as Camel's own coverage says, summed over
 * the tests of this build. The build runs it by itself, after all others; alone it has nothing to go by and fails.
 */
class RouteCoverageTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Test
    void everyStepRanInATest() throws Exception {
        Map<String, Long> ran = ran();
        assertThat(ran).as("coverage written by the tests of this package").isNotEmpty();

        TreeSet<String> never = new TreeSet<>();
        int steps = 0;
        List<Path> shipped = new ArrayList<>(ShippedFiles.in("routes"));
        shipped.addAll(ShippedFiles.in("kamelets"));
        for (Path file : shipped) {
            for (String id : steps(YAML.readTree(file.toFile()))) {
                steps++;
                if (ran.getOrDefault(id, 0L) == 0) {
                    never.add(file.getFileName() + ": " + id);
                }
            }
        }

        System.out.printf("Steps of the routes that tests ran: %d of %d%n", steps - never.size(), steps);
        assertThat(never).as("steps that no test ran").isEmpty();
    }

    /** How often each step ran, by its id. */
    private static Map<String, Long> ran() throws Exception {
        Map<String, Long> ran = new HashMap<>();
        for (Path file : coverage()) {
            NodeList elements = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("*");
            for (int i = 0; i < elements.getLength(); i++) {
                Element element = (Element) elements.item(i);
                if (element.hasAttribute("exchangesTotal")
                        && !element.getTagName().matches("route|from")) {
                    ran.merge(
                            element.getAttribute("id"),
                            Long.parseLong(element.getAttribute("exchangesTotal")),
                            Long::sum);
                }
            }
        }
        return ran;
    }

    /** What the tests of this build wrote; files of an earlier one say nothing about the routes of now. */
    private static List<Path> coverage() throws IOException {
        long start = Instant.parse(
                        System.getProperty("build.start", Instant.now().toString()))
                .toEpochMilli();
        if (!Files.isDirectory(Pipeline.COVERAGE)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Pipeline.COVERAGE)) {
            return files.filter(file -> file.toFile().lastModified() >= start).toList();
        }
    }

    /** The ids of all steps below a node. */
    private static List<String> steps(JsonNode node) {
        List<String> ids = new ArrayList<>();
        node.path("steps")
                .forEach(step -> step.forEach(definition -> {
                    assertThat(definition.path("id").asText())
                            .as("id of " + step)
                            .isNotEmpty();
                    ids.add(definition.path("id").asText());
                }));
        node.forEach(child -> ids.addAll(steps(child)));
        return ids;
    }
}
