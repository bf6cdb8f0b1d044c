package dev.vitrine.intake.version;

import dev.vitrine.index.IndexSet;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.job.Job;
import dev.vitrine.spool.OwedProducts;
import dev.vitrine.spool.Tombstones;
import java.util.function.LongConsumer;

/** The versions that were given before, as the index, the spool and the remembered deletions show them to all processes. */
public final class VisibleVersions implements GivenVersions {
    private final ProductCollections indexes;
    private final OwedProducts owed;
    private final Tombstones tombstones;

    /**
     * @param owed what waits to be indexed
     * @param tombstones what was deleted
     */
    public VisibleVersions(ProductCollections indexes, OwedProducts owed, Tombstones tombstones) {
        this.indexes = indexes;
        this.owed = owed;
        this.tombstones = tombstones;
    }

    /** The spool is asked before the index: a job leaves it when the index has its picture. */
    @Override
    public long of(String collection, String productId, String imageId) {
        String key = Job.productKey(collection, productId);
        long newest = Math.max(owed.newest(key), tombstones.version(key));
        if (imageId != null) {
            newest = Math.max(newest, tombstones.version(Job.pictureKey(key, imageId)));
        }
        try {
            for (Product picture : indexes.of(collection).find(productId)) {
                newest = Math.max(newest, picture.version());
            }
        } catch (IndexUnavailableException e) {
            // An upload is refused then, or waits in the queue.
        }
        return newest;
    }

    @Override
    public void newest(long until, LongConsumer found) {
        found.accept(owed.latest());
        found.accept(tombstones.newest(until));
        IndexSet serving = indexes.serving();
        for (String collection : serving.names()) {
            found.accept(serving.of(collection).newest(until));
        }
    }
}
