package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * What could not be imported, as a table that can be imported itself once it is mended. The file is made with the first
 * failure. Text that a spreadsheet would take for a formula begins with an apostrophe. Thread-safe.
 */
final class FailureReport implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader("line", "column", "cause", "product_id", "image_id", "name", "image", "metadata")
            .get();

    private final Path file;
    private CSVPrinter printer;

    FailureReport(Path file) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
    }

    /** A row that says nothing usable. */
    void add(long line, String column, String cause) throws IOException {
        print(line, column, cause, "", "", "", "", "");
    }

    /** A picture. */
    void add(Wanted wanted, String column, String cause) throws IOException {
        print(
                wanted.line(),
                column,
                cause,
                wanted.productId(),
                wanted.imageId(),
                wanted.name(),
                wanted.picture() == null ? "" : wanted.picture(),
                json(wanted));
    }

    private static String json(Wanted wanted) {
        try {
            return wanted.metadata().isEmpty() ? "" : JSON.writeValueAsString(wanted.metadata());
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private synchronized void print(long line, String... cells) throws IOException {
        if (printer == null) {
            BufferedWriter writer = Files.newBufferedWriter(file);
            printer = new CSVPrinter(writer, FORMAT);
        }
        Object[] record = new Object[cells.length + 1];
        record[0] = line;
        for (int i = 0; i < cells.length; i++) {
            record[i + 1] = FORMULA.matcher(cells[i]).matches() ? "'" + cells[i] : cells[i];
        }
        printer.printRecord(record);
        printer.flush();
    }

    /** Where it is; empty where nothing failed. */
    synchronized Optional<Path> file() {
        return printer == null ? Optional.empty() : Optional.of(file);
    }

    @Override
    public synchronized void close() throws IOException {
        if (printer != null) {
            printer.close();
        }
    }
}
