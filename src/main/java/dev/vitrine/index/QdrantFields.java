package dev.vitrine.index;

import dev.vitrine.index.FilterField.Kind;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Which fields of metadata a Qdrant collection has an index of, and what that means for a filter. */
final class QdrantFields {

    /** Nothing is indexed. */
    static final QdrantFields NONE = new QdrantFields(Map.of());

    private static final String PREFIX = QdrantPayload.METADATA + ".";

    /** Types of Qdrant that answer as a look at the points does; Qdrant's integer does not know 12.5. */
    private static final Map<PayloadSchemaType, Kind> KINDS = Map.of(
            PayloadSchemaType.Keyword,
            Kind.KEYWORD,
            PayloadSchemaType.Float,
            Kind.NUMBER,
            PayloadSchemaType.Bool,
            Kind.BOOL);

    private final Map<FieldPath, PayloadSchemaType> types;

    private QdrantFields(Map<FieldPath, PayloadSchemaType> types) {
        this.types = Map.copyOf(types);
    }

    /** @param schema a collection's payload schema by Qdrant's names of the fields */
    static QdrantFields of(Map<String, PayloadSchemaType> schema) {
        Map<FieldPath, PayloadSchemaType> types = new HashMap<>();
        schema.forEach((key, type) -> path(key).ifPresent(path -> types.put(path, type)));
        return new QdrantFields(types);
    }

    /** Empty for what is no metadata, and for paths through arrays. */
    private static Optional<FieldPath> path(String key) {
        if (!key.startsWith(PREFIX) || key.endsWith("[]")) {
            return Optional.empty();
        }
        try {
            return Optional.of(FieldPath.of(key.substring(PREFIX.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty where the field has no index. */
    Optional<PayloadSchemaType> type(FieldPath field) {
        return Optional.ofNullable(types.get(field));
    }

    Map<FieldPath, PayloadSchemaType> types() {
        return types;
    }

    /** Whether the field has an index of this kind. */
    boolean has(FieldPath field, Kind kind) {
        return type(field).map(KINDS::get).filter(kind::equals).isPresent();
    }

    /** What a filter asks for and no index can answer. */
    Collection<FilterField> unindexed(Filter filter) {
        TreeSet<FilterField> missing = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        collect(filter, missing);
        return missing;
    }

    private void collect(Filter filter, Collection<FilterField> missing) {
        if (filter instanceof Filter.AnyOf any) {
            any.values().forEach(value -> require(any.field(), Kind.of(value).orElseThrow(), missing));
        } else if (filter instanceof Filter.Range range) {
            require(range.field(), Kind.NUMBER, missing);
        } else if (filter instanceof Filter.Exists exists) {
            if (type(exists.field()).isEmpty()) {
                missing.add(new FilterField(exists.field(), Optional.empty()));
            }
        } else if (filter instanceof Filter.Not not) {
            collect(not.filter(), missing);
        } else {
            parts(filter).forEach(part -> collect(part, missing));
        }
    }

    private void require(FieldPath field, Kind kind, Collection<FilterField> missing) {
        if (!has(field, kind)) {
            missing.add(new FilterField(field, Optional.of(kind)));
        }
    }

    /**
     * The part of a filter that indexes answer, which whatever meets the filter meets too: how many meet it is how many
     * points are looked at. Empty where that is all points.
     */
    Optional<Filter> indexed(Filter filter) {
        if (filter instanceof Filter.And and) {
            List<Filter> parts = and.filters().stream()
                    .flatMap(part -> indexed(part).stream())
                    .toList();
            return parts.isEmpty() ? Optional.empty() : Optional.of(new Filter.And(parts));
        }
        if (filter instanceof Filter.Or or) {
            List<Filter> parts = or.filters().stream()
                    .flatMap(part -> indexed(part).stream())
                    .toList();
            return parts.size() < or.filters().size() ? Optional.empty() : Optional.of(new Filter.Or(parts));
        }
        return unindexed(filter).isEmpty() ? Optional.of(filter) : Optional.empty();
    }

    private static List<Filter> parts(Filter filter) {
        return filter instanceof Filter.And and ? and.filters() : ((Filter.Or) filter).filters();
    }
}
