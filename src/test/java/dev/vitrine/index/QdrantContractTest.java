package dev.vitrine.index;

import dev.vitrine.testing.QdrantServer;
import java.time.Duration;
import java.util.UUID;

class QdrantContractTest extends ProductIndexContract {

    private final String collection = "contract-" + UUID.randomUUID();

    @Override
    ProductIndex open(VectorSpace space) {
        IndexSettings settings =
                new IndexSettings(QdrantServer.shared().grpcUrl(), null, collection, null, Duration.ofSeconds(20));
        return ProductIndex.open(settings, space);
    }

    @Override
    boolean shareable() {
        return true;
    }
}
