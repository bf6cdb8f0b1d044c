package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.read.ProductRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final ImageBase base;
    private CSVPrinter printer;

    /** @param base where relative pictures are */
    FailureReport(Path file, ImageBase base) throws IOException {
        this.file = file;
        this.base = base;
        Files.deleteIfExists(file);
    }

    /** A row, with what can be read of it. */
    void add(Fault fault) throws IOException {
        if (fault.row().isEmpty()) {
            print(fault.line(), fault.column(), fault.cause(), "", "", "", "", "");
            return;
        }
        ProductRow row = fault.row().get();
        Map<String, Object> metadata = new LinkedHashMap<>(row.shared());
        metadata.putAll(row.own());
        print(
                fault.line(),
                fault.column(),
                fault.cause(),
                row.productId(),
                text(row.imageId()),
                text(row.name()),
                whole(row.picture()),
                json(metadata));
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
                whole(wanted.picture()),
                json(wanted.metadata()));
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    /** The report may lie elsewhere than the catalogue, so a URL is written whole. */
    private String whole(String picture) {
        if (picture == null) {
            return "";
        }
        try {
            return base.urlOf(picture).orElse(picture);
        } catch (UnusableSourceException e) {
            return picture;
        }
    }

    private static String json(Map<String, Object> metadata) {
        try {
            return metadata.isEmpty() ? "" : JSON.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read can be written", e);
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
