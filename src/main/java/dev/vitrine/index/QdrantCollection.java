package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.isEmpty;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ValueFactory.value;

import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collection: made on first use, and verified to hold vectors of our space. It remembers its space in its metadata
 * (Qdrant 1.16 and newer), which is written in the same step that makes it.
 */
final class QdrantCollection {

    private static final Logger LOG = LoggerFactory.getLogger(QdrantCollection.class);

    private static final Map<String, FieldType> PAYLOAD_INDEXES = Map.of(
            QdrantPayload.PRODUCT_ID, FieldType.FieldTypeKeyword,
            QdrantPayload.VERSION, FieldType.FieldTypeInteger);

    private static final String WAY_OUT =
            "Use another VITRINE_COLLECTION for this model, or set VITRINE_MODEL back, or empty the index with"
                    + " ./vitrine index clear and send the pictures again.";

    private final QdrantConnection connection;
    private final String name;
    private final VectorSpace space;
    private final AtomicReference<CompletableFuture<Void>> verifying = new AtomicReference<>();
    private final QdrantLayout layout;
    private final QdrantFieldIndexes fieldIndexes;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private volatile QdrantFields fields = QdrantFields.NONE;
    private volatile long points;
    private volatile boolean verified;

    /** @param settings its name, its layout, and the metadata that the server is to index */
    QdrantCollection(QdrantConnection connection, VectorSpace space, IndexSettings settings) {
        this.connection = connection;
        this.name = settings.collection();
        this.space = space;
        this.layout = settings.layout();
        this.fieldIndexes = new QdrantFieldIndexes(connection, name, settings.filterFields());
    }

    String name() {
        return name;
    }

    /** Which fields of metadata the server has an index of, as it said last. */
    QdrantFields fields() {
        return fields;
    }

    /** How many points there were when the collection was verified last, or somewhat fewer. */
    long points() {
        return points;
    }

    /** Calls with the collection there, once more where it had vanished, and explains what fails. */
    <T> T call(Function<Deadline, T> call) {
        Deadline deadline = connection.deadline();
        try {
            try {
                ensure(deadline);
                return call.apply(deadline);
            } catch (StatusRuntimeException e) {
                if (isDoubtful(e)) {
                    verified = false;
                }
                if (e.getStatus().getCode() == Code.NOT_FOUND) {
                    ensure(deadline);
                    return call.apply(deadline);
                }
                if (e.getStatus().getCode() == Code.INVALID_ARGUMENT) {
                    ensure(deadline); // a collection of another space is the better reason
                }
                throw e;
            }
        } catch (StatusRuntimeException e) {
            throw connection.failure(e);
        }
    }

    /**
     * Whether the next use shall verify again. One server may have been replaced while it was away; of several nodes the
     * others have kept the collection, and what waits for a node that hangs must not keep searches from going on.
     */
    private boolean isDoubtful(StatusRuntimeException e) {
        Code code = e.getStatus().getCode();
        return connection.nodes() == 1 || code == Code.NOT_FOUND || code == Code.INVALID_ARGUMENT;
    }

    /** Verifies again. Where there are several nodes, other calls go on meanwhile. */
    void check() {
        if (connection.nodes() == 1) {
            verified = false;
        }
        Deadline deadline = connection.deadline();
        try {
            verify(deadline, true);
        } catch (StatusRuntimeException e) {
            throw connection.failure(e);
        }
    }

    /**
     * Returns when the collection is there and ours. Of many callers one asks the server, so that a server that hangs
     * costs each of them its deadline once.
     *
     * @throws StatusRuntimeException what the server, or the lack of it, answered
     * @throws VectorSpaceMismatchException when it holds vectors of another space
     */
    void ensure(Deadline deadline) {
        verify(deadline, false);
    }

    private void verify(Deadline deadline, boolean again) {
        if (verified && !again) {
            return;
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = verifying.compareAndExchange(null, mine);
        if (running != null) {
            await(running, deadline);
            return;
        }
        try {
            verify(deadline);
            verified = true;
            mine.complete(null);
        } catch (Throwable e) {
            verified = verified && e instanceof StatusRuntimeException; // no answer says nothing of the collection
            mine.completeExceptionally(e);
            throw e;
        } finally {
            verifying.set(null);
        }
    }

    private void await(CompletableFuture<Void> running, Deadline deadline) {
        try {
            running.get(deadline.timeRemaining(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("The collection could not be verified", e.getCause());
        } catch (TimeoutException e) {
            throw connection.unavailable(
                    "did not answer within " + connection.limit().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connection.unavailable("was not waited for: interrupted", e);
        }
    }

    private void verify(Deadline deadline) {
        connection.checkVersion(deadline);
        Optional<CollectionInfo> found = info(deadline);
        CollectionInfo info = found.isPresent() ? found.get() : create(deadline);
        List<String> strangers = connection.strangers(name, deadline);
        checkVectors(info);
        Optional<VectorSpace> there = remembered(info);
        if (there.isPresent()) {
            SpaceMemory.compare(place(), there.get(), space, WAY_OUT);
        } else {
            adopt(deadline);
        }
        PAYLOAD_INDEXES.forEach((field, type) -> {
            if (!info.containsPayloadSchema(field)) {
                createIndex(field, type, deadline);
            }
        });
        fields = fieldIndexes.complete(info, deadline);
        points = info.getPointsCount();
        compare(info, deadline);
        if (found.isPresent()) {
            strangers.stream()
                    .filter(said::add)
                    .forEach(url ->
                            LOG.warn("{} is not known to the node {}; is it of the same cluster?", place(), url));
        }
    }

    /** Says in what the collection's layout is another than the settings', once for each difference. */
    private void compare(CollectionInfo info, Deadline deadline) {
        if (layout.equals(QdrantLayout.NONE)) {
            return;
        }
        try {
            new QdrantLayoutCheck(name, layout)
                    .differences(info.getConfig().getParams(), connection.shards(name, deadline)).stream()
                            .map(QdrantLayoutCheck.Difference::toString)
                            .filter(said::add)
                            .forEach(difference -> LOG.warn("{} {}", place(), difference));
        } catch (StatusRuntimeException e) {
            LOG.debug("Where the shards of {} are is not known", name, e); // the collection serves all the same
        }
    }

    private Optional<CollectionInfo> info(Deadline deadline) {
        try {
            return Optional.of(connection
                    .collections(deadline)
                    .get(GetCollectionInfoRequest.newBuilder()
                            .setCollectionName(name)
                            .build())
                    .getResult());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private CollectionInfo create(Deadline deadline) {
        CreateCollection.Builder request = CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder()
                                .setSize(space.dimensions())
                                .setDistance(Distance.Cosine)))
                .putAllMetadata(memory());
        layout.in(request);
        try {
            connection.collections(deadline).create(request.build());
        } catch (StatusRuntimeException e) {
            return info(deadline).orElseThrow(() -> e); // another process may have been faster
        }
        LOG.info("Made the collection {} for {}", place(), SpaceMemory.named(space));
        return info(deadline).orElseThrow(() -> connection.unavailable("lost the collection " + name, null));
    }

    private void checkVectors(CollectionInfo info) {
        VectorsConfig config = info.getConfig().getParams().getVectorsConfig();
        VectorParams vectors = config.getParams();
        if (!config.hasParams()
                || vectors.getSize() != space.dimensions()
                || vectors.getDistance() != Distance.Cosine
                || vectors.hasMultivectorConfig()) {
            String there = config.hasParams()
                    ? vectors.getSize() + " dimensions with distance " + vectors.getDistance()
                    : "named vectors";
            throw new VectorSpaceMismatchException(place() + " is for " + there
                    + remembered(info)
                            .map(s -> ", filled by " + SpaceMemory.named(s))
                            .orElse("")
                    + ", but the model here is " + SpaceMemory.named(space) + " with distance Cosine. " + WAY_OUT);
        }
    }

    private static Optional<VectorSpace> remembered(CollectionInfo info) {
        Map<String, String> memory = new HashMap<>();
        info.getConfig().getMetadataMap().forEach((key, value) -> memory.put(key, value.getStringValue()));
        return SpaceMemory.read(memory);
    }

    private Map<String, Value> memory() {
        Map<String, Value> memory = new HashMap<>();
        SpaceMemory.write(space).forEach((key, text) -> memory.put(key, value(text)));
        return memory;
    }

    /** Takes over a collection without a memory, made by hand or by an older Qdrant, unless its points name other models. */
    private void adopt(Deadline deadline) {
        long strangers = connection
                .points(deadline)
                .count(CountPoints.newBuilder()
                        .setCollectionName(name)
                        .setExact(true)
                        .setFilter(Filter.newBuilder()
                                .addMustNot(matchKeyword(QdrantPayload.MODEL, space.model()))
                                .addMustNot(isEmpty(QdrantPayload.MODEL)))
                        .build())
                .getResult()
                .getCount();
        if (strangers > 0) {
            throw new VectorSpaceMismatchException(place() + " does not remember what filled it, and " + strangers
                    + " of its points name another model than " + SpaceMemory.named(space) + ". " + WAY_OUT);
        }
        connection
                .collections(deadline)
                .update(UpdateCollection.newBuilder()
                        .setCollectionName(name)
                        .putAllMetadata(memory())
                        .build());
        LOG.warn(
                "Took over {}, which did not remember what filled it, for {}; make sure that no other model did",
                place(),
                SpaceMemory.named(space));
    }

    private void createIndex(String field, FieldType type, Deadline deadline) {
        connection
                .points(deadline)
                .createFieldIndex(CreateFieldIndexCollection.newBuilder()
                        .setCollectionName(name)
                        .setWait(true)
                        .setFieldName(field)
                        .setFieldType(type)
                        .build());
    }

    private String place() {
        return "The collection " + name + " at " + connection.url();
    }
}
