package dev.vitrine.indexing;

import dev.vitrine.index.ProductCollections;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.Rfc3339;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.Tombstones;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.Variable;

/** What the worker is to do about a job it took. */
public final class Worklist {
    private final Spool spool;
    private final JobStore jobs;
    private final ProductCollections indexes;
    private final Tombstones tombstones;
    private final JobEvents events;

    /** @param events is told of jobs that are done, before the spool forgets them */
    public Worklist(Spool spool, JobStore jobs, ProductCollections indexes, Tombstones tombstones, JobEvents events) {
        this.spool = spool;
        this.jobs = jobs;
        this.indexes = indexes;
        this.tombstones = tombstones;
        this.events = events;
    }

    /**
     * The job that the spool owes under this id, or null where nothing is to be done: an earlier run did the work and was
     * cut off before it could say so, or the product was deleted after the upload.
     *
     * @throws LostPictureException when the picture is gone and the index does not hold it either
     */
    public Job load(@Variable("jobId") String jobId) {
        Optional<Job> owed = spool.find(jobId);
        if (owed.isEmpty()) {
            checkIndexed(jobId);
            return null;
        }
        if (tombstones.of(owed.get()) >= owed.get().version()) {
            done(jobId, owed.get());
            return null;
        }
        return owed.get();
    }

    /** The picture of a job; the file need not exist. */
    public Path picture(@Variable("jobId") String jobId) {
        return spool.picture(jobId);
    }

    /**
     * Nothing is owed under this id any more.
     *
     * @param job what was owed; null where a route does not know it
     */
    public void done(@Variable("jobId") String jobId, @Variable("job") Job job) {
        if (job != null) {
            events.ending(job);
        }
        spool.remove(jobId);
    }

    /** Takes back what an upload wrote, unless the queue has it. */
    public void discard(@Variable("jobId") String jobId, @Variable("outcome") String outcome) {
        if (jobId != null && !"queued".equals(outcome)) {
            spool.discard(jobId);
        }
    }

    private void checkIndexed(String jobId) {
        JobState job = jobs.find(jobId)
                .filter(known -> known.productId() != null && known.createdAt() != null)
                .orElseThrow(() -> new LostPictureException("Neither the spool nor Redis knows this job."));
        long version = Rfc3339.millis(job.createdAt());
        String key = Job.productKey(job.collection(), job.productId());
        if (tombstones.version(key) >= version || tombstones.version(Job.pictureKey(key, job.imageId())) >= version) {
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
