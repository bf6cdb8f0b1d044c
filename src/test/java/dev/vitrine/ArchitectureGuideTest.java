package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Offer;
import dev.vitrine.testing.DocumentPart;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The parts of docs/architecture.md that are made from the code and the route files. */
class ArchitectureGuideTest {
    private static final Pattern IN_TEXT = Pattern.compile("\\$\\{variable\\.(\\w+)");
    private static final Pattern IN_CODE =
            Pattern.compile("(?:[sg]et|remove)Variable\\(\"(\\w+)\"|@Variable\\(\"(\\w+)\"\\)");

    /** The text of each shipped route file and Kamelet, by its short name. */
    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String folder : new String[] {"routes", "kamelets"}) {
            for (Path path : ShippedFiles.in(folder)) {
                String name = path.getFileName().toString().replaceFirst("\\.(camel|kamelet)\\.yaml$", "");
                files.put(name, Files.readString(path));
            }
        }
        return files;
    }

    @Test
    void theTableOfBeansNamesAllThatRoutesMayCall() throws IOException {
        StringBuilder table = new StringBuilder("| bean | class | used in |\n| --- | --- | --- |\n");
        Map<String, Offer<?>> offers = new TreeMap<>();
        Vitrine.offers(Settings.load(RunningVitrine.HOME, Map.of())).forEach(offer -> offers.put(offer.name(), offer));
        Map<String, String> files = files();
        offers.forEach((name, offer) -> {
            Pattern use = Pattern.compile("(?:ref: |#|bean:|routePolicy: |uri: )" + Pattern.quote(name) + "\\b(?!-)");
            TreeSet<String> users = new TreeSet<>();
            files.forEach((file, text) -> {
                if (use.matcher(text).find()) {
                    users.add(file);
                }
            });
            table.append("| `%s` | `%s` | %s |\n"
                    .formatted(name, offer.type().getName().replace("dev.vitrine.", ""), String.join(", ", users)));
        });
        new DocumentPart("docs/architecture.md", "beans").assertIs(table.toString());
    }

    @Test
    void theTableOfVariablesNamesAllThatRoutesHandOn() throws IOException {
        Map<String, TreeSet<String>> users = new TreeMap<>();
        files().forEach((file, text) -> variables(
                new Load(LoadSettings.builder().build()).loadFromString(text),
                name -> users.computeIfAbsent(name, key -> new TreeSet<>()).add(file)));
        try (Stream<Path> code = Files.walk(RunningVitrine.HOME.resolve("src/main/java"))) {
            for (Path file :
                    code.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher name = IN_CODE.matcher(Files.readString(file));
                while (name.find()) {
                    users.computeIfAbsent(name.group(name.group(1) == null ? 2 : 1), key -> new TreeSet<>())
                            .add("`" + file.getFileName().toString().replace(".java", "") + "`");
                }
            }
        }
        DocumentPart part = new DocumentPart("docs/architecture.md", "variables");
        Map<String, String> meanings = part.meanings();
        assertThat(users.keySet())
                .as("variables without a meaning in the table")
                .allMatch(meanings::containsKey);
        StringBuilder table = new StringBuilder("| variable | used in | meaning |\n| --- | --- | --- |\n");
        users.forEach((name, files) ->
                table.append("| `%s` | %s | %s |\n".formatted(name, String.join(", ", files), meanings.get(name))));
        part.assertIs(table.toString());
    }

    /** The variables that a part of a route file sets, removes or reads. */
    private static void variables(Object node, Consumer<String> action) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Map<?, ?> step
                        && List.of("setVariable", "removeVariable").contains(key)) {
                    action.accept(step.get("name").toString());
                }
                if (value instanceof Map<?, ?> expression && key.equals("variable")) {
                    action.accept(expression.get("expression").toString());
                }
                if (!key.equals("example")) {
                    variables(value, action);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(element -> variables(element, action));
        } else if (node instanceof String text) {
            IN_TEXT.matcher(text).results().forEach(found -> action.accept(found.group(1)));
        }
    }
}
