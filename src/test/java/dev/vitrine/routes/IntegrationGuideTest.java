package dev.vitrine.routes;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.ops.RouteDiagram;
import dev.vitrine.testing.DocumentPart;
import dev.vitrine.testing.RouteModel;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

/** The parts of docs/integration.md that are made from the files. */
class IntegrationGuideTest {
    private static final Pattern PROPERTY = Pattern.compile("\\{\\{\\??([a-z]+(?:[.-][a-z]+)+)(?::[^}]*)?}}");

    private static void assertPart(String name, String expected) throws IOException {
        new DocumentPart("docs/integration.md", name).assertIs(expected);
    }

    @Test
    void theTableNamesEveryPropertyThatAFileUses() throws IOException {
        Map<String, TreeSet<String>> users = new TreeMap<>();
        List<Path> files = new ArrayList<>(ShippedFiles.in("routes"));
        files.addAll(ShippedFiles.in("kamelets"));
        for (Path file : files) {
            String name = file.getFileName().toString().replaceFirst("\\.(camel|kamelet)\\.yaml$", "");
            Matcher property = PROPERTY.matcher(Files.readString(file));
            while (property.find()) {
                users.computeIfAbsent(property.group(1), key -> new TreeSet<>()).add(name);
            }
        }
        Map<String, String> meanings = new DocumentPart("docs/integration.md", "properties").meanings();

        assertThat(users.keySet())
                .as("properties without a meaning in the table")
                .allMatch(meanings::containsKey);
        assertPart(
                "properties",
                users.entrySet().stream()
                        .map(user -> "| `" + user.getKey() + "` | " + String.join(", ", user.getValue()) + " | "
                                + meanings.get(user.getKey()) + " |\n")
                        .collect(
                                Collectors.joining("", "| property | used in | meaning |\n| --- | --- | --- |\n", "")));
    }

    @Test
    void theDiagramShowsWhatTheFilesSay() throws Exception {
        List<Path> files = new ArrayList<>(ShippedFiles.in("kamelets"));
        files.addAll(ShippedFiles.in("routes"));
        Map<String, String> properties = Map.ofEntries(
                entry("vitrine.role.api", "true"),
                entry("vitrine.role.worker", "true"),
                entry("vitrine.inbox", "drop folder"),
                entry("vitrine.inbox.process", "this process"),
                entry("vitrine.history.kept", "true"),
                entry("vitrine.history.outbox", "history outbox"),
                entry("vitrine.callbacks.sent", "true"),
                entry("vitrine.callbacks.queue", "vitrine-callbacks"),
                entry("vitrine.spool", "spool"),
                entry("vitrine.spool.bucket", "bucket"),
                entry("vitrine.spool.route", "spool-folder"),
                entry("vitrine.spool.in-folder", "true"),
                entry("vitrine.spool.in-bucket", "false"),
                entry("vitrine.queue.name", "vitrine"));
        try (CamelContext camel = RouteModel.load(files, properties)) {
            assertPart("diagram", "```mermaid\n" + new RouteDiagram(camel).draw(id -> "") + "```\n");
        }
    }
}
