package dev.vitrine.work;

import dev.vitrine.index.ProductIndex;
import dev.vitrine.job.Job;
import dev.vitrine.spool.Tombstones;

/** Sees to it that a product which was deleted after an upload stays deleted. */
public final class Deletions {
    private final Tombstones tombstones;
    private final ProductIndex index;

    public Deletions(Tombstones tombstones, ProductIndex index) {
        this.tombstones = tombstones;
        this.index = index;
    }

    /** Takes a job's point out of the index again where its product was deleted after the upload and before the upsert. */
    public void obey(Job job) {
        long deleted = tombstones.version(job.productId());
        if (deleted >= job.version()) {
            index.delete(job.productId(), deleted);
        }
    }
}
