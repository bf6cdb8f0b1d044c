package dev.vitrine.index;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneContractTest extends ProductIndexContract {

    @TempDir
    Path folder;

    @Override
    ProductIndex open(VectorSpace space) {
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, "products", folder, IndexSettings.DEFAULT_DEADLINE);
        return ProductIndex.open(settings, space);
    }

    @Override
    boolean shareable() {
        return false;
    }
}
