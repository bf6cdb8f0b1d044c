package dev.vitrine.catalogue.read;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** A catalogue that is being read, in memory that does not grow with its length. For one thread. */
public interface Catalogue extends AutoCloseable {

    /** What it was taken for, in one line for people: the format, and how it is written. */
    String description();

    /**
     * The next row; empty at the end.
     *
     * @param faults hears of rows that are left out, and of warnings
     * @throws CatalogueException where the file goes on in a way that cannot be read
     */
    Optional<ProductRow> next(Consumer<Fault> faults) throws IOException;

    @Override
    void close() throws IOException;
}
