package dev.vitrine.catalogue.read;

import java.util.List;
import java.util.function.Consumer;

/** What the rows of one kind of table mean. */
@FunctionalInterface
interface Profile {

    /**
     * The pictures of a row, or one without a picture where the row says something of a product only.
     *
     * @param faults hears why there is none
     */
    List<ProductRow> read(Row row, Consumer<Fault> faults);
}
