package dev.vitrine.catalogue.read;

import dev.vitrine.index.ShopId;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Leaves out rows whose ids nobody can use, and warns of those that a spreadsheet has changed. */
final class CheckedCatalogue implements Catalogue {
    private final Catalogue catalogue;

    CheckedCatalogue(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public String description() {
        return catalogue.description();
    }

    @Override
    public Optional<ProductRow> next(Consumer<Fault> faults) throws IOException {
        while (true) {
            Optional<ProductRow> read = catalogue.next(faults);
            if (read.isEmpty()) {
                return read;
            }
            ProductRow row = normal(read.get());
            Optional<String> fault = ShopId.fault(row.productId());
            if (row.productId().isEmpty()) {
                faults.accept(Fault.error(row, "product_id", "The row names no product"));
            } else if (fault.isPresent()) {
                faults.accept(Fault.error(row, "product_id", "The product's id " + fault.get()));
            } else {
                if (row.isRuined()) {
                    faults.accept(Fault.warning(
                            row.line(),
                            "product_id",
                            "The id " + row.productId() + " looks like one that a spreadsheet has changed;"
                                    + " export again and do not save the file in a spreadsheet"));
                }
                return Optional.of(row);
            }
        }
    }

    private static ProductRow normal(ProductRow row) {
        return new ProductRow(
                ShopId.normal(row.productId()),
                ShopId.normal(row.imageId()),
                row.name(),
                row.picture(),
                row.shared(),
                row.own(),
                row.status(),
                row.vector(),
                row.line());
    }

    @Override
    public void close() throws IOException {
        catalogue.close();
    }
}
