package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.isEmpty;

import dev.vitrine.index.FilterField.Kind;
import io.grpc.Deadline;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Common;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Qdrant index the fields that the operator named. What is there already is left as it is, and what is missing is
 * asked for and not waited for: the server goes on with it.
 */
final class QdrantFieldIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(QdrantFieldIndexes.class);

    /** Points that are looked at for the type of a field. */
    private static final int SAMPLE = 64;

    private static final Map<Kind, FieldType> TYPES = Map.of(
            Kind.KEYWORD, FieldType.FieldTypeKeyword,
            Kind.NUMBER, FieldType.FieldTypeFloat,
            Kind.BOOL, FieldType.FieldTypeBool);

    private final QdrantConnection connection;
    private final String collection;
    private final List<FilterField> wanted;
    private final Map<FieldPath, Long> looked = new ConcurrentHashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param wanted what the operator named */
    QdrantFieldIndexes(QdrantConnection connection, String collection, List<FilterField> wanted) {
        this.connection = connection;
        this.collection = collection;
        this.wanted = List.copyOf(wanted);
    }

    /**
     * Asks for what is missing.
     *
     * @param info of the collection as it is now
     * @return what is indexed now
     * @throws UnfitIndexException when a named field has an index of another type
     */
    QdrantFields complete(CollectionInfo info, Deadline deadline) {
        Map<String, PayloadSchemaType> schema = new HashMap<>();
        info.getPayloadSchemaMap().forEach((key, value) -> schema.put(key, value.getDataType()));
        QdrantFields there = QdrantFields.of(schema);
        for (FilterField field : wanted) {
            Optional<PayloadSchemaType> type = there.type(field.path());
            if (type.isEmpty()) {
                field.kind()
                        .or(() -> kindOfSample(field.path(), info.getPointsCount(), deadline))
                        .ifPresent(kind -> create(field.path(), kind, deadline));
            } else if (field.kind().isPresent()
                    && !there.has(field.path(), field.kind().get())) {
                throw conflict(field, type.get());
            }
        }
        there.types().forEach((path, type) -> {
            if (type == PayloadSchemaType.Integer && said.add("integer " + path)) {
                LOG.warn(
                        "{} has an index of type integer of {}, with which filters miss numbers such as 12.5; {}",
                        place(),
                        path,
                        howToDrop(path) + " and name " + path + ":number in VITRINE_FILTER_FIELDS");
            }
        });
        return there;
    }

    private UnfitIndexException conflict(FilterField field, PayloadSchemaType type) {
        return new UnfitIndexException(place() + " has an index of type "
                + type.name().toLowerCase(Locale.ROOT) + " of the field " + field.path()
                + ", but VITRINE_FILTER_FIELDS says " + field + ". Either change the setting, or "
                + howToDrop(field.path()) + "; Vitrine then makes the other at its next start");
    }

    private String howToDrop(FieldPath path) {
        return "drop that index, with DELETE /collections/" + collection + "/index/" + QdrantFilter.key(path)
                + " (percent-encoded) at Qdrant's HTTP port";
    }

    /** What most of some values are; looked for again when there are twice as many points. */
    private Optional<Kind> kindOfSample(FieldPath path, long points, Deadline deadline) {
        if (points == 0 || points < 2 * looked.getOrDefault(path, 0L)) {
            return Optional.empty();
        }
        looked.put(path, points);
        Map<Kind, Integer> kinds = new HashMap<>();
        for (RetrievedPoint point : holders(path, deadline)) {
            for (Object value :
                    values(path, QdrantPayload.product(point.getPayloadMap()).metadata())) {
                Kind.of(value).ifPresent(kind -> kinds.merge(kind, 1, Integer::sum));
            }
        }
        Optional<Kind> most = kinds.entrySet().stream()
                .max(Comparator.comparing(Map.Entry::getValue))
                .map(Map.Entry::getKey);
        most.ifPresent(kind -> LOG.info(
                "{} gets an index of {} as {}, as of some values {} are; name it {}:TYPE in VITRINE_FILTER_FIELDS for another",
                place(),
                path,
                kind,
                kinds,
                path));
        return most;
    }

    private List<RetrievedPoint> holders(FieldPath path, Deadline deadline) {
        return connection
                .points(deadline)
                .scroll(ScrollPoints.newBuilder()
                        .setCollectionName(collection)
                        .setFilter(Common.Filter.newBuilder().addMustNot(isEmpty(QdrantFilter.key(path))))
                        .setWithPayload(WithPayloadSelectorFactory.include(List.of(QdrantFilter.key(path))))
                        .setLimit(SAMPLE)
                        .build())
                .getResultList();
    }

    private static List<?> values(FieldPath path, Object metadata) {
        Object value = metadata;
        for (String key : path.keys()) {
            value = value instanceof Map<?, ?> object ? object.get(key) : null;
        }
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    private void create(FieldPath path, Kind kind, Deadline deadline) {
        if (said.add("made " + path)) {
            LOG.info("Asks {} for an index of {} as {}", place(), path, kind);
        }
        connection
                .points(deadline)
                .createFieldIndex(CreateFieldIndexCollection.newBuilder()
                        .setCollectionName(collection)
                        .setFieldName(QdrantFilter.key(path))
                        .setFieldType(TYPES.get(kind))
                        .build());
    }

    private String place() {
        return "the collection " + collection + " at " + connection.url();
    }
}
