package dev.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a document that is made from something else, between {@code <!-- name -->} and {@code <!-- end of name -->}.
 * Where the two differ, the test fails; with {@code -Ddocs.update} it writes the part anew.
 *
 * @param file of the project, such as {@code docs/integration.md}
 */
public record DocumentPart(String file, String name) {

    /** Compares the part with what it is made from, or writes it. */
    public void assertIs(String expected) throws IOException {
        Path path = RunningVitrine.HOME.resolve(file);
        String text = Files.readString(path);
        String start = "<!-- " + name + " -->\n";
        int from = text.indexOf(start) + start.length();
        int to = text.indexOf("<!-- end of " + name + " -->");
        assertThat(to).as("place of " + name).isGreaterThanOrEqualTo(from).isGreaterThan(start.length());
        if (System.getProperty("docs.update") != null) {
            Files.writeString(path, text.substring(0, from) + expected + text.substring(to));
        } else {
            assertThat(text.substring(from, to))
                    .as("the part '" + name + "' of " + file + "; this test with -Ddocs.update writes it anew")
                    .isEqualTo(expected);
        }
    }
}
