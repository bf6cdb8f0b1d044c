package dev.vitrine.index;

import io.grpc.Deadline;
import io.qdrant.client.grpc.Points.CountPoints;
import java.util.Collection;
import java.util.stream.Collectors;

/** Keeps filters out that would have the server read too many points, which would keep it from other searches too. */
final class QdrantScans {

    /** Points that may be read for a filter, about a twentieth of a second's work; docs/performance.md has what that takes. */
    static final long MAX_READ = 20_000;

    private final QdrantConnection connection;
    private final QdrantCollection collection;
    private final long maxRead;

    /** @param maxRead points that may be read for a filter */
    QdrantScans(QdrantConnection connection, QdrantCollection collection, long maxRead) {
        this.connection = connection;
        this.collection = collection;
        this.maxRead = maxRead;
    }

    /**
     * Returns if indexes answer the filter, or leave few enough points to be read.
     *
     * @param filter null for no filter
     * @throws UnindexedFilterException naming the fields without an index
     */
    void admit(Filter filter, Deadline deadline) {
        if (filter == null || collection.points() <= maxRead) {
            return;
        }
        Collection<FilterField> unindexed = collection.fields().unindexed(filter);
        if (unindexed.isEmpty()) {
            return;
        }
        long read = collection
                .fields()
                .indexed(filter)
                .map(part -> count(QdrantFilter.of(part), false, deadline))
                .orElse(collection.points());
        if (read > maxRead) {
            throw new UnindexedFilterException(message(unindexed));
        }
    }

    private String message(Collection<FilterField> unindexed) {
        String fields = unindexed.stream().map(FilterField::toString).collect(Collectors.joining(","));
        return "asks for " + fields + ", which Qdrant has no index of, so it would read more than " + maxRead
                + " points one by one. Let the operator add " + fields + " to VITRINE_FILTER_FIELDS, or ask in \"and\""
                + " for an indexed field that leaves fewer points" + indexedOnes();
    }

    private String indexedOnes() {
        String ones = collection.fields().types().keySet().stream()
                .map(FieldPath::toString)
                .sorted()
                .collect(Collectors.joining(", "));
        return ones.isEmpty() ? "" : " (there are: " + ones + ")";
    }

    /** How many points meet a filter, exactly or by an estimate. */
    long count(io.qdrant.client.grpc.Common.Filter filter, boolean isExact, Deadline deadline) {
        return connection
                .points(deadline)
                .count(CountPoints.newBuilder()
                        .setCollectionName(collection.name())
                        .setFilter(filter)
                        .setExact(isExact)
                        .build())
                .getResult()
                .getCount();
    }
}
