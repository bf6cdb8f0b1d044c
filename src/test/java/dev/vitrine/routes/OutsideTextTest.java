package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * No shipped route reads text from outside as anything but text. Camel takes what stands in the brackets of a method for
 * what it looks like, null for nothing and quotes for the ends of a text, and evaluates what a function inside another one
 * gave as a part of the outer one.
 */
class OutsideTextTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Objects that are never text, and names that are made here. */
    private static final Set<String> HARMLESS = Set.of(
            "prepareForSearch(${variable.query.picture})", // a path
            "prepare({{picture}})", // the Kamelet's parameter, a path
            "upsert({{job}}, {{vector}})", // the Kamelet's parameters, a job and a vector
            "enforce({{job}})",
            "keep({{job}})",
            "queued(${variable.job})",
            "indexed(${variable.job})",
            "inspect(${body.toPath})", // a path
            "of(${exception})",
            "pause(${exception})",
            "failed(${exception})",
            "failed(${variable.job}, ${exception})", // a job
            "giveUp(${variable.job}, ${exception})");

    /** A method with something that is evaluated in its brackets. */
    private static final Pattern ARGUMENTS = Pattern.compile("\\w+\\(.*(\\$\\{|\\{\\{|\\$simple).*", Pattern.DOTALL);

    /** A function within a function. */
    private static final Pattern NESTED = Pattern.compile(".*\\$\\{[^}]*\\$\\{.*", Pattern.DOTALL);

    @Test
    void noMethodTakesTextFromOutsideThroughItsBrackets() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : shippedFiles()) {
            for (JsonNode method : YAML.readTree(file.toFile()).findValues("method")) {
                String call = method.asText();
                if (ARGUMENTS.matcher(call).matches() && !HARMLESS.contains(call)) {
                    found.add(file.getFileName() + ": " + call);
                }
            }
        }
        assertThat(found)
                .as(
                        "bind the parameters of the bean's method with @Header, @Variable or @Body and name the method alone")
                .isEmpty();
    }

    @Test
    void noFunctionIsMadeOfWhatAnotherOneGave() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : shippedFiles()) {
            for (String text : texts(YAML.readTree(file.toFile()))) {
                if (NESTED.matcher(text).matches()) {
                    found.add(file.getFileName() + ": " + text);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** The API's own paths say first which parameters they take. */
    @Test
    void everyPathOfTheApiDeclaresItsParameters() throws IOException {
        Set<String> undeclared = new TreeSet<>();
        for (Path file : shippedFiles()) {
            if (file.getParent().endsWith("routes")) {
                for (JsonNode from : YAML.readTree(file.toFile()).findValues("from")) {
                    if (from.path("uri").asText().equals("platform-http")
                            && !from.path("steps")
                                    .path(0)
                                    .path("bean")
                                    .path("ref")
                                    .asText()
                                    .equals("parameters")) {
                        undeclared.add(from.path("id").asText());
                    }
                }
            }
        }
        assertThat(undeclared).isEmpty();
    }

    /** Those that a site adds to {@code routes/} are its own business. */
    private static List<Path> shippedFiles() {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("routes", "routes/examples", "kamelets")) {
            files.addAll(ShippedFiles.in(folder));
        }
        assertThat(files).hasSizeGreaterThan(20);
        return files;
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(child -> texts.addAll(texts(child)));
        return texts;
    }
}
