package dev.vitrine.catalogue.read;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/** A table whose rows mean what a profile says. */
final class TableCatalogue implements Catalogue {
    private final String format;
    private final Table table;
    private final Profile profile;
    private final Deque<ProductRow> ready = new ArrayDeque<>();
    private Optional<Row> first;

    /** @param first a row before those of the table: the header, where that is already a row */
    TableCatalogue(Format format, Table table, Profile profile, Optional<Row> first) {
        this.format = format.title();
        this.table = table;
        this.profile = profile;
        this.first = first;
    }

    @Override
    public String description() {
        return format + " (" + table.description() + ")";
    }

    @Override
    public Optional<ProductRow> next(Consumer<Fault> faults) throws IOException {
        while (ready.isEmpty()) {
            Optional<Row> row = first.isPresent() ? first : table.next();
            first = Optional.empty();
            if (row.isEmpty()) {
                return Optional.empty();
            }
            checkLength(row.get(), faults);
            ready.addAll(profile.read(row.get(), faults));
        }
        return Optional.of(ready.poll());
    }

    private static void checkLength(Row row, Consumer<Fault> faults) {
        for (int i = row.header().size(); i < row.cells().size(); i++) {
            if (!row.get(i).isEmpty()) {
                faults.accept(Fault.warning(
                        row.line(),
                        "",
                        "The row has " + row.cells().size() + " cells under "
                                + row.header().size() + " headers; look for a separator that is not in quotes"));
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
