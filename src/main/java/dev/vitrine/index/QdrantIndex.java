package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.filter;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.range;

import dev.vitrine.batch.Batcher;
import io.grpc.Deadline;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The index in a Qdrant server or cluster, over gRPC. Making one never waits for the server: the collection is made on first use,
 * and again when it has vanished.
 *
 * <p>"Only if newer" is decided by the server: an upsert carries a filter that matches a stored point only where its
 * version is not greater. So whatever the order in which uploads of one picture arrive, from whichever process, the
 * greatest version stays.
 *
 * <p>A call that fails at one node is made again at another, where there are several; beyond that nothing is tried again
 * in here. A call costs at most the deadline and then says what to check.
 */
public final class QdrantIndex implements ProductIndex {

    private static final int BATCH = 128;
    private static final int BATCHES_IN_FLIGHT = 2;
    private static final int PAGE = 256;

    private final VectorSpace space;
    private final QdrantConnection connection;
    private final QdrantCollection collection;
    private final QdrantScans scans;
    private final Batcher<QdrantUpserts.Put, Void> puts;
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
        this(new IndexSettings(url, apiKey, collection, null, deadline), space);
    }

    /**
     * Prepares the connection; asks the server nothing.
     *
     * @throws IllegalArgumentException when the URL or the collection cannot be
     */
    public QdrantIndex(IndexSettings settings, VectorSpace space) {
        this(settings, space, QdrantScans.MAX_READ);
    }

    /** @param maxRead points that the server may read for a filter */
    QdrantIndex(IndexSettings settings, VectorSpace space, long maxRead) {
        String name = settings.collection();
        if (name == null || name.isBlank() || name.length() > 255) {
            throw new IllegalArgumentException("VITRINE_COLLECTION must have 1 to 255 characters");
        }
        this.space = space;
        this.connection = new QdrantConnection(settings.url(), settings.apiKey(), settings.deadline());
        this.collection = new QdrantCollection(connection, space, settings);
        this.scans = new QdrantScans(connection, collection, maxRead);
        QdrantUpserts upserts = new QdrantUpserts(connection, this.collection);
        this.puts = new Batcher<>("qdrant-index", BATCH, Collections.nCopies(BATCHES_IN_FLIGHT, upserts::write));
    }

    @Override
    public void upsert(Product product, float[] vector) {
        Product checked = Admission.product(product);
        UUID pointId = PointIds.of(checked.productId(), checked.imageId());
        QdrantUpserts.Put put = new QdrantUpserts.Put(pointId, checked, Admission.vector(vector, space));
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
    public List<SearchHit> search(ProductQuery query) {
        Admission.search(query.limit(), query.minScore());
        float[] unit = Admission.vector(query.vector(), space);
        Filter wanted = wanted(query.filter());
        return collection.call(deadline -> {
            scans.admit(query.filter(), deadline);
            List<SearchHit> hits =
                    new QdrantSearch(connection, collection.name(), unit, query, wanted).nearest(deadline);
            return query.others() == 0
                    ? hits
                    : new QdrantOthers(connection, collection.name(), unit, query, wanted).addTo(hits, deadline);
        });
    }

    @Override
    public Map<String, float[]> vectors(String productId) {
        Admission.id("product id", productId);
        return collection.call(deadline -> new QdrantVectors(connection, collection.name()).of(productId, deadline));
    }

    @Override
    public List<Product> find(String productId) {
        Admission.id("product id", productId);
        Filter ofProduct = Filter.newBuilder()
                .addMust(matchKeyword(QdrantPayload.PRODUCT_ID, productId))
                .build();
        return collection.call(deadline -> points(ofProduct, true, deadline)).values().stream()
                .map(point -> QdrantPayload.product(point.getPayloadMap()))
                .sorted(Comparator.comparing(Product::imageId))
                .toList();
    }

    @Override
    public ProductPage list(ProductCursor after, int limit, dev.vitrine.index.Filter filter) {
        admit(filter);
        Admission.search(limit, -1);
        return ProductListing.page(
                new QdrantPoints(connection, collection, wanted(filter)), after, limit, System.currentTimeMillis());
    }

    @Override
    public List<StoredPoint> points(String after, int limit, dev.vitrine.index.Filter filter, boolean withVectors) {
        admit(filter);
        Admission.search(limit, -1);
        return new QdrantStored(connection, collection, wanted(filter), withVectors).after(after, limit);
    }

    @Override
    public VectorSpace space() {
        return space;
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

    /**
     * {@inheritDoc}
     *
     * <p>It goes page by page, each within a deadline of its own. A page names its points, so that what comes in meanwhile and
     * meets the filter too is neither removed nor forgotten in the count.
     */
    @Override
    public int delete(dev.vitrine.index.Filter filter, long version) {
        ScrollPoints.Builder request = ScrollPoints.newBuilder()
                .setCollectionName(collection.name())
                .setFilter(QdrantFilter.of(filter).toBuilder().addMustNot(newer(version)))
                .setWithPayload(
                        WithPayloadSelectorFactory.include(List.of(QdrantPayload.PRODUCT_ID, QdrantPayload.IMAGE_ID)))
                .setLimit(PAGE);
        admit(filter);
        int deleted = 0;
        while (true) {
            ScrollResponse page = collection.call(deadline -> deletePage(request.build(), version, deadline));
            deleted += page.getResultCount();
            if (!page.hasNextPageOffset()) {
                return deleted;
            }
            request.setOffset(page.getNextPageOffset());
        }
    }

    private ScrollResponse deletePage(ScrollPoints request, long version, Deadline deadline) {
        lock(deadline);
        try {
            ScrollResponse page = connection.points(deadline).scroll(request);
            Filter.Builder points = Filter.newBuilder();
            for (RetrievedPoint point : page.getResultList()) {
                Product product = QdrantPayload.product(point.getPayloadMap());
                points.addShould(filter(notNewer(product.productId(), version)
                        .addMust(matchKeyword(QdrantPayload.IMAGE_ID, product.imageId()))
                        .build()));
            }
            if (page.getResultCount() > 0) {
                delete(points.build(), deadline);
            }
            return page;
        } finally {
            deleting.unlock();
        }
    }

    private int delete(Filter notNewer) {
        return collection.call(deadline -> {
            lock(deadline);
            try {
                int found = points(notNewer, false, deadline).size();
                delete(notNewer, deadline); // also where none was found: another copy of the shard may have one
                return found;
            } finally {
                deleting.unlock();
            }
        });
    }

    private void delete(Filter points, Deadline deadline) {
        connection.settled(connection
                .points(deadline)
                .delete(DeletePoints.newBuilder()
                        .setCollectionName(collection.name())
                        .setWait(true)
                        .setPoints(PointsSelector.newBuilder().setFilter(points))
                        .build()));
    }

    @Override
    public long count(dev.vitrine.index.Filter filter) {
        Filter wanted = wanted(filter);
        return collection.call(deadline -> {
            scans.admit(filter, deadline);
            return scans.count(wanted, true, deadline);
        });
    }

    @Override
    public long newest(long until) {
        return QdrantVersions.newest(connection, collection, until);
    }

    @Override
    public void admit(dev.vitrine.index.Filter filter) {
        collection.call(deadline -> {
            scans.admit(filter, deadline);
            return null;
        });
    }

    /** Asks for the collection, which needs the key, and makes it where it is missing. */
    @Override
    public void check() {
        collection.check();
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

    static Filter.Builder notNewer(String productId, long version) {
        return Filter.newBuilder()
                .addMust(matchKeyword(QdrantPayload.PRODUCT_ID, productId))
                .addMustNot(newer(version));
    }

    private static Condition newer(long version) {
        return range(QdrantPayload.VERSION, Range.newBuilder().setGt(version).build());
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
