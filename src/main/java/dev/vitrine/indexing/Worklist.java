package dev.vitrine.indexing;

import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.Rfc3339;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.Tombstones;
import java.util.Optional;

/** What the worker is to do about a job it took. */
public final class Worklist {
    private final Spool spool;
    private final JobStore jobs;
    private final CollectionIndexes indexes;
    private final Tombstones tombstones;

    public Worklist(Spool spool, JobStore jobs, CollectionIndexes indexes, Tombstones tombstones) {
        this.spool = spool;
        this.jobs = jobs;
        this.indexes = indexes;
        this.tombstones = tombstones;
    }

    /**
     * The job that the spool owes under this id, or null where nothing is to be done: an earlier run did the work and was
     * cut off before it could say so, or the product was deleted after the upload.
     *
     * @throws LostPictureException when the picture is gone and the index does not hold it either
     */
    public Job load(String jobId) {
        Optional<Job> owed = spool.find(jobId);
        if (owed.isEmpty()) {
            checkIndexed(jobId);
            return null;
        }
        if (isDeleted(owed.get().productKey(), owed.get().version())) {
            spool.remove(jobId);
            return null;
        }
        return owed.get();
    }

    /** Takes back what an upload wrote, unless the queue has it. */
    public void discard(String jobId, String outcome) {
        if (jobId != null && !"queued".equals(outcome)) {
            spool.discard(jobId);
        }
    }

    private boolean isDeleted(String productKey, long version) {
        return tombstones.version(productKey) >= version;
    }

    private void checkIndexed(String jobId) {
        JobState job = jobs.find(jobId)
                .filter(known -> known.productId() != null && known.createdAt() != null)
                .orElseThrow(() -> new LostPictureException("Neither the spool nor Redis knows this job."));
        long version = Rfc3339.millis(job.createdAt());
        if (isDeleted(Job.productKey(job.collection(), job.productId()), version)) {
            return;
        }
        boolean indexed = indexes.of(job.collection()).find(job.productId()).stream()
                .anyMatch(product -> product.imageId().equals(job.imageId()) && product.version() >= version);
        if (!indexed) {
            throw new LostPictureException(
                    "The picture is no longer in the spool and was not indexed; send the product again.");
        }
    }
}
