package dev.vitrine.catalogue.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A CSV or TSV file: finds out how it is written, and gives its rows. */
final class Table implements AutoCloseable {
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};
    private static final int MOST_HEADER_CHARS = 256 * 1024;

    private final Encoding encoding;
    private final char delimiter;
    private final CSVParser parser;
    private final BoundedReader text;
    private final Iterator<CSVRecord> records;
    private final Header header;
    private final long skippedLines;
    private final Deque<Row> peeked = new ArrayDeque<>();

    /** @throws CatalogueException where there is no header */
    Table(Path file, Encoding encoding) throws IOException {
        this.encoding = encoding;
        Start start = start(file, encoding);
        this.delimiter = start.delimiter();
        this.skippedLines = start.lines();
        BufferedReader reader = encoding.reader(file);
        try {
            for (int i = 0; i < start.lines(); i++) {
                reader.readLine();
            }
            this.text = new BoundedReader(reader);
            this.parser = CSVParser.builder()
                    .setReader(text)
                    .setFormat(format(delimiter))
                    .get();
            this.records = parser.iterator();
            this.header = new Header(read().orElseThrow(
                            () -> new CatalogueException(file.getFileName() + " is empty; export the catalogue again"))
                    .cells());
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private record Start(int lines, char delimiter) {}

    /** Skips blank lines and Excel's {@code sep=;}, then takes the delimiter that makes most columns of the header. */
    private static Start start(Path file, Encoding encoding) throws IOException {
        try (BufferedReader reader = encoding.reader(file)) {
            int lines = 0;
            Character said = null;
            StringBuilder head = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (head.isEmpty() && line.isBlank()) {
                    lines++;
                } else if (head.isEmpty() && line.matches("\"?sep=.\"?\\s*")) {
                    lines++;
                    said = line.charAt(line.indexOf('=') + 1);
                } else {
                    head.append(line).append('\n');
                    // a name in quotes may go on in the next line
                    if (head.chars().filter(c -> c == '"').count() % 2 == 0 || head.length() > MOST_HEADER_CHARS) {
                        break;
                    }
                }
            }
            return new Start(lines, said != null ? said : delimiter(head.toString()));
        }
    }

    private static char delimiter(String header) {
        char best = DELIMITERS[0];
        int most = 0;
        for (char candidate : DELIMITERS) {
            int columns = columns(header, candidate);
            if (columns > most) {
                best = candidate;
                most = columns;
            }
        }
        return best;
    }

    private static int columns(String header, char delimiter) {
        try (CSVParser parser = CSVParser.builder()
                .setReader(new StringReader(header))
                .setFormat(format(delimiter))
                .get()) {
            Iterator<CSVRecord> one = parser.iterator();
            return one.hasNext() ? one.next().size() : 0;
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            return 0;
        }
    }

    private static CSVFormat format(char delimiter) {
        return CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .setTrailingData(true)
                .setLenientEof(true)
                .get();
    }

    Header header() {
        return header;
    }

    /** Rows that {@link #next} gives too, at most as many. */
    List<Row> peek(int most) throws IOException {
        while (peeked.size() < most) {
            Optional<Row> row = read();
            if (row.isEmpty()) {
                break;
            }
            peeked.add(row.get());
        }
        return new ArrayList<>(peeked);
    }

    /** The next row that is not blank. */
    Optional<Row> next() throws IOException {
        Row first = peeked.poll();
        return first == null ? read() : Optional.of(first);
    }

    private Optional<Row> read() throws IOException {
        while (true) {
            long before = parser.getCurrentLineNumber();
            text.allow();
            try {
                if (!records.hasNext()) {
                    return Optional.empty();
                }
                CSVRecord record = records.next();
                Row row = new Row(header, record.toList(), skippedLines + before + 1);
                if (!row.isBlank()) {
                    return Optional.of(row);
                }
            } catch (UncheckedIOException | IllegalStateException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new CatalogueException(
                        "The table cannot be read after line " + (skippedLines + before) + ": " + cause.getMessage(),
                        e);
            }
        }
    }

    /** For people. */
    String description() {
        String named =
                switch (delimiter) {
                    case ',' -> "commas";
                    case ';' -> "semicolons";
                    case '\t' -> "tabs";
                    default -> delimiter + "";
                };
        return encoding + ", " + named;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
