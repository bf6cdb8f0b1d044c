package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.filter;
import static io.qdrant.client.ConditionFactory.isEmpty;
import static io.qdrant.client.ConditionFactory.match;
import static io.qdrant.client.ConditionFactory.matchKeywords;
import static io.qdrant.client.ConditionFactory.range;

import io.qdrant.client.grpc.Common;
import io.qdrant.client.grpc.Common.Condition;
import java.util.ArrayList;
import java.util.List;

/** A {@link Filter} in Qdrant's words. */
final class QdrantFilter {
    private QdrantFilter() {}

    static Common.Filter of(Filter filter) {
        return Common.Filter.newBuilder().addMust(condition(filter)).build();
    }

    /** The key of a field in a payload. */
    static String key(FieldPath field) {
        return QdrantPayload.METADATA + "." + field.quoted();
    }

    private static Condition condition(Filter filter) {
        Common.Filter.Builder clause = Common.Filter.newBuilder();
        if (filter instanceof Filter.AnyOf any) {
            clause.addAllShould(equal(key(any.field()), any.values()));
        } else if (filter instanceof Filter.Range range) {
            clause.addMust(between(key(range.field()), range.lower(), range.upper()));
        } else if (filter instanceof Filter.Exists exists) {
            clause.addMustNot(isEmpty(key(exists.field())));
        } else if (filter instanceof Filter.Not not) {
            clause.addMustNot(condition(not.filter()));
        } else if (filter instanceof Filter.And and) {
            and.filters().forEach(part -> clause.addMust(condition(part)));
        } else {
            ((Filter.Or) filter).filters().forEach(part -> clause.addShould(condition(part)));
        }
        return filter(clause.build());
    }

    /**
     * A number is asked for as a range of one value: a match of a whole number knows no 12.0, and its index no 12.5. Beyond
     * 2^53 doubles would meet their neighbours, so there it is a match among them; the range is what an index can answer.
     */
    private static List<Condition> equal(String key, List<Object> values) {
        List<Condition> conditions = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof String text) {
                texts.add(text);
            } else if (value instanceof Boolean flag) {
                conditions.add(match(key, flag));
            } else if (value instanceof Long whole && Math.abs(whole.doubleValue()) > Filter.MAX_EXACT) {
                double near = whole.doubleValue();
                conditions.add(filter(Common.Filter.newBuilder()
                        .addMust(match(key, whole))
                        .addMust(range(
                                key,
                                Common.Range.newBuilder()
                                        .setGte(near)
                                        .setLte(near)
                                        .build()))
                        .build()));
            } else {
                Filter.Bound bound = new Filter.Bound(((Number) value).doubleValue(), true);
                conditions.add(between(key, bound, bound));
            }
        }
        if (!texts.isEmpty()) {
            conditions.add(matchKeywords(key, texts));
        }
        return conditions;
    }

    /** An index of Qdrant may order −0 before 0, so a bound of zero says on which side of both it is. */
    private static Condition between(String key, Filter.Bound lower, Filter.Bound upper) {
        Common.Range.Builder range = Common.Range.newBuilder();
        if (lower != null && lower.inclusive()) {
            range.setGte(lower.value() == 0 ? -0.0 : lower.value());
        } else if (lower != null) {
            range.setGt(lower.value());
        }
        if (upper != null && upper.inclusive()) {
            range.setLte(upper.value());
        } else if (upper != null) {
            range.setLt(upper.value() == 0 ? -0.0 : upper.value());
        }
        return range(key, range.build());
    }
}
