package dev.vitrine.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** The options of every command that shows something. */
class ReadOptions {
    @Option(names = "--json", description = "prints JSON, for programs")
    private boolean json;

    /** Whether a program reads what is printed. */
    boolean json() {
        return json;
    }

    /** Prints a value as JSON. */
    static void print(Object value, PrintWriter out) {
        try {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
