package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.filter;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.range;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.VectorsFactory.vectors;

import dev.vitrine.batch.Batcher;
import dev.vitrine.batch.Batcher.Outcome;
import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The index in a Qdrant server, over gRPC. Making one never waits for the server: the collection is made on first use,
 * and again when it has vanished.
 *
 * <p>"Only if newer" is decided by the server: an upsert carries a filter that matches a stored point only where its
 * version is not greater. So whatever the order in which uploads of one picture arrive, from whichever process, the
 * greatest version stays.
 *
 * <p>Nothing is tried again in here. A call costs at most the deadline and then says what to check.
 */
public final class QdrantIndex implements ProductIndex {

    private static final int BATCH = 128;
    private static final int BATCHES_IN_FLIGHT = 2;
    private static final int PAGE = 256;

    private record Put(UUID pointId, Product product, float[] unit) {}

    private final VectorSpace space;
    private final QdrantConnection connection;
    private final QdrantCollection collection;
    private final Batcher<Put, Void> puts;
    private final ReentrantLock deleting = new ReentrantLock();

    /**
     * Prepares the connection; asks the server nothing.
     *
     * @param url {@code http(s)://host[:6334]}
     * @param apiKey null or blank for none
     * @param collection 1 to 255 characters; made where it is missing
     * @param deadline how long each call may take at most
     * @throws IllegalArgumentException when the URL or the collection cannot be
     */
    public QdrantIndex(String url, String apiKey, String collection, Duration deadline, VectorSpace space) {
        if (collection == null || collection.isBlank() || collection.length() > 255) {
            throw new IllegalArgumentException("VITRINE_COLLECTION must have 1 to 255 characters");
        }
        this.space = space;
        this.connection = new QdrantConnection(url, apiKey, deadline);
        this.collection = new QdrantCollection(connection, collection, space);
        this.puts = new Batcher<>("qdrant-index", BATCH, Collections.nCopies(BATCHES_IN_FLIGHT, this::write));
    }

    @Override
    public void upsert(Product product, float[] vector) {
        Product checked = Admission.product(product);
        UUID pointId = PointIds.of(checked.productId(), checked.imageId());
        Put put = new Put(pointId, checked, Admission.vector(vector, space));
        try {
            puts.call(put, connection.limit().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw connection.unavailable(
                    "did not take the point within " + connection.limit().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connection.unavailable("was not waited for: interrupted", e);
        } catch (Batcher.ClosedException e) {
            throw connection.unavailable("is no longer connected: the index is closed", e);
        }
    }

    @Override
    public List<SearchHit> search(float[] vector, int limit, float minScore, dev.vitrine.index.Filter filter) {
        Admission.search(limit, minScore);
        float[] unit = Admission.vector(vector, space);
        Filter wanted = wanted(filter);
        return inCollection(deadline ->
                new QdrantSearch(connection, collection.name(), unit, minScore, wanted).nearest(limit, deadline));
    }

    @Override
    public List<Product> find(String productId) {
        Admission.id("product id", productId);
        Filter ofProduct = Filter.newBuilder()
                .addMust(matchKeyword(QdrantPayload.PRODUCT_ID, productId))
                .build();
        return inCollection(deadline -> points(ofProduct, true, deadline)).values().stream()
                .map(point -> QdrantPayload.product(point.getPayloadMap()))
                .sorted(Comparator.comparing(Product::imageId))
                .toList();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The count is exact among the callers of this object; of two processes that delete one product at the same moment,
     * both may count a point.
     */
    @Override
    public int delete(String productId, long version) {
        Admission.id("product id", productId);
        return delete(notNewer(productId, version).build());
    }

    @Override
    public int delete(String productId, String imageId, long version) {
        Admission.id("product id", productId);
        Admission.id("image id", imageId);
        return delete(notNewer(productId, version)
                .addMust(matchKeyword(QdrantPayload.IMAGE_ID, imageId))
                .build());
    }

    private int delete(Filter notNewer) {
        return inCollection(deadline -> {
            lock(deadline);
            try {
                int found = points(notNewer, false, deadline).size();
                if (found > 0) {
                    settled(connection
                            .points(deadline)
                            .delete(DeletePoints.newBuilder()
                                    .setCollectionName(collection.name())
                                    .setWait(true)
                                    .setPoints(PointsSelector.newBuilder().setFilter(notNewer))
                                    .build()));
                }
                return found;
            } finally {
                deleting.unlock();
            }
        });
    }

    @Override
    public long count(dev.vitrine.index.Filter filter) {
        Filter wanted = wanted(filter);
        return inCollection(deadline -> connection
                .points(deadline)
                .count(CountPoints.newBuilder()
                        .setCollectionName(collection.name())
                        .setFilter(wanted)
                        .setExact(true)
                        .build())
                .getResult()
                .getCount());
    }

    /** Asks for the collection, which needs the key, and makes it where it is missing. */
    @Override
    public void check() {
        collection.doubt();
        inCollection(deadline -> null);
    }

    @Override
    public String kind() {
        return "Qdrant, collection " + collection.name();
    }

    @Override
    public String place() {
        return connection.url() + ", collection " + collection.name();
    }

    @Override
    public void close() {
        puts.close();
        connection.close();
    }

    /** Calls with the collection there, once more where it had vanished, and explains what fails. */
    private <T> T inCollection(Function<Deadline, T> call) {
        Deadline deadline = connection.deadline();
        try {
            try {
                collection.ensure(deadline);
                return call.apply(deadline);
            } catch (StatusRuntimeException e) {
                collection.doubt();
                if (e.getStatus().getCode() == Code.NOT_FOUND) {
                    collection.ensure(deadline);
                    return call.apply(deadline);
                }
                if (e.getStatus().getCode() == Code.INVALID_ARGUMENT) {
                    collection.ensure(deadline); // a collection of another space is the better reason
                }
                throw e;
            }
        } catch (StatusRuntimeException e) {
            throw connection.failure(e);
        }
    }

    private static Filter wanted(dev.vitrine.index.Filter filter) {
        return filter == null ? Filter.getDefaultInstance() : QdrantFilter.of(filter);
    }

    private Map<PointId, RetrievedPoint> points(Filter filter, boolean withPayload, Deadline deadline) {
        ScrollPoints.Builder request = ScrollPoints.newBuilder()
                .setCollectionName(collection.name())
                .setFilter(filter)
                .setWithPayload(WithPayloadSelectorFactory.enable(withPayload))
                .setLimit(PAGE);
        Map<PointId, RetrievedPoint> points = new LinkedHashMap<>();
        while (true) {
            ScrollResponse page = connection.points(deadline).scroll(request.build());
            page.getResultList().forEach(point -> points.put(point.getId(), point));
            if (!page.hasNextPageOffset()) {
                return points;
            }
            request.setOffset(page.getNextPageOffset());
        }
    }

    private List<Outcome<Void>> write(List<Put> batch) {
        try {
            upsert(batch);
        } catch (IllegalArgumentException e) {
            return batch.size() == 1 ? List.of(Outcome.failed(e)) : oneByOne(batch);
        }
        return Collections.nCopies(batch.size(), Outcome.of(null));
    }

    /** After a refused batch: finds the point at fault, so that it alone fails. */
    private List<Outcome<Void>> oneByOne(List<Put> batch) {
        List<Outcome<Void>> outcomes = new ArrayList<>(batch.size());
        for (Put put : batch) {
            try {
                upsert(List.of(put));
                outcomes.add(Outcome.of(null));
            } catch (RuntimeException e) {
                outcomes.add(Outcome.failed(e));
            }
        }
        return outcomes;
    }

    private void upsert(List<Put> batch) {
        Map<UUID, Put> newest = new LinkedHashMap<>();
        for (Put put : batch) {
            newest.merge(
                    put.pointId(),
                    put,
                    (a, b) -> b.product().version() >= a.product().version() ? b : a);
        }
        UpsertPoints.Builder request =
                UpsertPoints.newBuilder().setCollectionName(collection.name()).setWait(true);
        Filter.Builder notNewer = Filter.newBuilder();
        for (Put put : newest.values()) {
            request.addPoints(PointStruct.newBuilder()
                    .setId(id(put.pointId()))
                    .setVectors(vectors(put.unit()))
                    .putAllPayload(QdrantPayload.of(put.product())));
            notNewer.addShould(filter(notNewer(put.product())));
        }
        request.setUpdateFilter(notNewer);
        inCollection(deadline -> {
            settled(connection.points(deadline).upsert(request.build()));
            return null;
        });
    }

    /**
     * Matches the stored point where its version is not greater. The filter of a request holds for all its points, so each
     * gets a clause of its own. The clause names the point by its payload: Qdrant 1.17.0 logs a {@code has_id} with a UUID
     * such that it cannot read its log when it starts again.
     */
    private static Filter notNewer(Product product) {
        return notNewer(product.productId(), product.version())
                .addMust(matchKeyword(QdrantPayload.IMAGE_ID, product.imageId()))
                .build();
    }

    private static Filter.Builder notNewer(String productId, long version) {
        return Filter.newBuilder()
                .addMust(matchKeyword(QdrantPayload.PRODUCT_ID, productId))
                .addMustNot(range(
                        QdrantPayload.VERSION, Range.newBuilder().setGt(version).build()));
    }

    /** Makes sure that a write was applied and not only noted. */
    private void settled(PointsOperationResponse response) {
        UpdateStatus status = response.getResult().getStatus();
        if (status != UpdateStatus.Completed) {
            throw connection.unavailable("did not finish a write: " + status, null);
        }
    }

    private void lock(Deadline deadline) {
        try {
            if (!deleting.tryLock(deadline.timeRemaining(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS)) {
                throw connection.unavailable("is still busy with another deletion", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connection.unavailable("was not waited for: interrupted", e);
        }
    }
}
