package dev.vitrine.indexing;

import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.thumbnail.Thumbnails;
import dev.vitrine.job.Job;
import dev.vitrine.spool.Tombstones;

/** Sees to it that a product which was deleted after an upload stays deleted. */
public final class Deletions {
    private final Tombstones tombstones;
    private final ProductCollections indexes;
    private final Thumbnails thumbnails;

    public Deletions(Tombstones tombstones, ProductCollections indexes, Thumbnails thumbnails) {
        this.tombstones = tombstones;
        this.indexes = indexes;
        this.thumbnails = thumbnails;
    }

    /**
     * Takes a job's point out of the index again where its product, or its picture, was deleted after the upload and before
     * the upsert.
     */
    public void enforce(Job job) {
        if (tombstones.of(job) < job.version()) {
            return;
        }
        long product = tombstones.version(job.productKey());
        if (product >= job.version()) {
            indexes.of(job.collection()).delete(job.productId(), product);
            thumbnails.remove(ThumbnailKeeper.owner(job), product);
        }
        long picture = tombstones.version(job.pictureKey());
        if (picture >= job.version()) {
            indexes.of(job.collection()).delete(job.productId(), job.imageId(), picture);
            thumbnails.remove(ThumbnailKeeper.owner(job), picture);
        }
    }
}
