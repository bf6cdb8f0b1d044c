package dev.vitrine.work;

import dev.vitrine.index.ProductIndex;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStore;
import dev.vitrine.spool.Spool;
import java.time.Instant;

/** What the worker is to do about a job it took. */
public final class Worklist {
    private final Spool spool;
    private final JobStore jobs;
    private final ProductIndex index;

    public Worklist(Spool spool, JobStore jobs, ProductIndex index) {
        this.spool = spool;
        this.jobs = jobs;
        this.index = index;
    }

    /**
     * The job that the spool owes under this id, or null where an earlier run did the work and was cut off before it
     * could say so.
     *
     * @throws LostPictureException when the picture is gone and the index does not hold it either
     */
    public Job load(String jobId) {
        return spool.find(jobId).orElseGet(() -> {
            checkIndexed(jobId);
            return null;
        });
    }

    /** Takes back what an upload wrote, unless the queue has it. */
    public void discard(String jobId, String outcome) {
        if (jobId != null && !"queued".equals(outcome)) {
            spool.discard(jobId);
        }
    }

    private void checkIndexed(String jobId) {
        JobState job = jobs.find(jobId)
                .filter(known -> known.productId() != null && known.createdAt() != null)
                .orElseThrow(() -> new LostPictureException("Neither the spool nor Redis knows this job."));
        long version = Instant.parse(job.createdAt()).toEpochMilli();
        boolean indexed = index.find(job.productId()).stream()
                .anyMatch(product -> product.imageId().equals(job.imageId()) && product.version() >= version);
        if (!indexed) {
            throw new LostPictureException(
                    "The picture is no longer in the spool and was not indexed; send the product again.");
        }
    }
}
