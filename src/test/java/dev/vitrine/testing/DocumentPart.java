package dev.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a document that is made from something else, between {@code <!-- name -->} and {@code <!-- end of name -->}.
 * Where the two differ, the test fails; with {@code -Ddocs.update} it writes the part anew.
 *
 * @param file of the project, such as {@code docs/integration.md}
 */
public record DocumentPart(String file, String name) {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|(?: .* \\|)* (.*) \\|$");

    /** What people wrote into the last column of a table, by the name in its first. */
    public Map<String, String> meanings() throws IOException {
        Map<String, String> meanings = new HashMap<>();
        String text = Files.readString(path());
        Matcher row = ROW.matcher(text.substring(from(text), to(text)));
        while (row.find()) {
            meanings.put(row.group(1), row.group(2));
        }
        return meanings;
    }

    /** Compares the part with what it is made from, or writes it. */
    public void assertIs(String expected) throws IOException {
        Path path = path();
        String text = Files.readString(path);
        int from = from(text);
        int to = to(text);
        if (System.getProperty("docs.update") != null) {
            Files.writeString(path, text.substring(0, from) + expected + text.substring(to));
        } else {
            assertThat(text.substring(from, to))
                    .as("the part '" + name + "' of " + file + "; this test with -Ddocs.update writes it anew")
                    .isEqualTo(expected);
        }
    }

    private Path path() {
        return RunningVitrine.HOME.resolve(file);
    }

    private int from(String text) {
        String start = "<!-- " + name + " -->\n";
        assertThat(text).contains(start);
        return text.indexOf(start) + start.length();
    }

    private int to(String text) {
        int to = text.indexOf("<!-- end of " + name + " -->");
        assertThat(to).as("end of " + name).isGreaterThanOrEqualTo(from(text));
        return to;
    }
}
