package dev.vitrine.catalogue;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.api.Jobs;
import dev.vitrine.api.ProductChanges;
import dev.vitrine.api.Products;
import dev.vitrine.catalogue.sync.Target;
import dev.vitrine.catalogue.sync.Wanted;
import dev.vitrine.http.ProblemException;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.job.JobState;
import dev.vitrine.job.Rfc3339;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** This service itself: pictures go through the route {@code import-picture}, and so the way of every other upload. */
final class RouteTarget implements Target {
    private static final String ROUTE = "direct:import-picture";
    private static final long PAUSE_SECONDS = 2;

    private final ProducerTemplate routes;
    private final Jobs jobs;
    private final Products products;
    private final ProductChanges changes;
    private final ImportWorker.Begun begun;
    private final String collection;

    RouteTarget(
            ProducerTemplate routes, Jobs jobs, Products products, ProductChanges changes, ImportWorker.Begun begun) {
        this.routes = routes;
        this.jobs = jobs;
        this.products = products;
        this.changes = changes;
        this.begun = begun;
        this.collection = begun.request().collection();
    }

    @Override
    public String id() {
        return "here" + (collection == null ? "" : "-" + collection);
    }

    @Override
    public Sent send(Wanted wanted, Path picture, String once) throws IOException {
        String jobId = jobId(once);
        if (begun.wasBegun() && isAccepted(jobId)) {
            return new Sent(jobId, false);
        }
        Exchange done = routes.send(ROUTE, exchange -> {
            exchange.getMessage().setBody(picture.toFile());
            exchange.getMessage().setHeader("product_id", wanted.productId());
            exchange.getMessage().setHeader("image_id", wanted.imageId());
            exchange.getMessage().setHeader("name", wanted.name());
            exchange.getMessage().setHeader("metadata", wanted.metadata());
            exchange.setVariable("reservedId", jobId);
            if (collection != null) {
                exchange.setVariable("collection", collection);
            }
        });
        Exception failure = done.getException();
        if (failure instanceof UnusablePictureException) {
            throw new RefusedException("image", failure.getMessage());
        }
        if (failure instanceof ProblemException problem) {
            throw new RefusedException(
                    problem.errors().isEmpty() ? "" : problem.errors().get(0).field(), problem.getMessage());
        }
        if (failure != null) {
            throw new TryLaterException(String.valueOf(failure.getMessage()), PAUSE_SECONDS);
        }
        return new Sent(
                done.getVariable("jobId", String.class), "indexed".equals(done.getVariable("outcome", String.class)));
    }

    /**
     * The job that an upload of this import becomes, always the same one, so that it is found when the process is killed
     * before it remembers that it sent it. A UUID of version 7 with the import's time.
     */
    private String jobId(String once) {
        UUID made = UUID.fromString(begun.request().id());
        UUID hash = UuidCreator.getNameBasedSha1(made, once);
        long time = made.getMostSignificantBits() & ~0xFFFFL;
        return new UUID(time | 0x7000 | hash.getMostSignificantBits() & 0xFFF, hash.getLeastSignificantBits())
                .toString();
    }

    private boolean isAccepted(String jobId) {
        try {
            jobs.get(jobId, collection);
            return true;
        } catch (RuntimeException e) {
            return false; // not known, or not to be found out now: accepting it under the same id again does no harm
        }
    }

    @Override
    public Change change(Wanted wanted) throws IOException {
        try {
            changes.change(wanted.productId(), wanted.imageId(), collection, wanted.name(), wanted.metadata());
            return Change.DONE;
        } catch (ProblemException e) {
            if (e.status() == 404) {
                return Change.MISSING;
            }
            if (e.status() == 409) {
                throw new TryLaterException(e.getMessage(), PAUSE_SECONDS);
            }
            throw new RefusedException("", e.getMessage());
        } catch (IndexUnavailableException e) {
            throw new TryLaterException(e.getMessage(), PAUSE_SECONDS);
        }
    }

    @Override
    public Map<String, JobEnd> ends(Collection<String> jobIds) throws IOException {
        Map<String, JobEnd> ends = new HashMap<>();
        try {
            for (JobState job : jobs.list(
                            null, null, null, null, String.join(",", jobIds), null, null, null, collection)
                    .jobs()) {
                End end =
                        switch (job.status()) {
                            case COMPLETED -> End.COMPLETED;
                            case FAILED -> End.FAILED;
                            default -> End.WAITING;
                        };
                ends.put(job.id(), new JobEnd(end, job.error() == null ? "" : job.error(), version(job.createdAt())));
            }
            return ends;
        } catch (RuntimeException e) {
            throw new TryLaterException(String.valueOf(e.getMessage()), PAUSE_SECONDS);
        }
    }

    private static long version(String createdAt) {
        return createdAt == null ? 0 : Rfc3339.millis(createdAt);
    }

    @Override
    public void delete(String productId, String imageId) throws IOException {
        try {
            products.deleteImage(productId, imageId, collection);
        } catch (ProblemException e) {
            if (e.status() != 404) {
                throw new RefusedException("", e.getMessage());
            }
        } catch (IndexUnavailableException e) {
            throw new TryLaterException(e.getMessage(), PAUSE_SECONDS);
        }
    }
}
