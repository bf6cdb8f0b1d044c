package dev.vitrine.indexing;

import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.job.Job;
import dev.vitrine.spool.Tombstones;

/** Sees to it that a product which was deleted after an upload stays deleted. */
public final class Deletions {
    private final Tombstones tombstones;
    private final CollectionIndexes indexes;

    public Deletions(Tombstones tombstones, CollectionIndexes indexes) {
        this.tombstones = tombstones;
        this.indexes = indexes;
    }

    /** Takes a job's point out of the index again where its product was deleted after the upload and before the upsert. */
    public void enforce(Job job) {
        long deleted = tombstones.version(job.productKey());
        if (deleted >= job.version()) {
            indexes.of(job.collection()).delete(job.productId(), deleted);
        }
    }
}
