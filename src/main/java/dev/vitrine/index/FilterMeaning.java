package dev.vitrine.index;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a {@link Filter} means, said as plainly as can be, for one picture; what every index must answer. */
final class FilterMeaning {
    private static final BigDecimal MOST = BigDecimal.valueOf(Filter.MAX_EXACT);

    private FilterMeaning() {}

    static boolean matches(Filter filter, Map<String, Object> metadata) {
        if (filter instanceof Filter.And and) {
            return and.filters().stream().allMatch(part -> matches(part, metadata));
        } else if (filter instanceof Filter.Or or) {
            return or.filters().stream().anyMatch(part -> matches(part, metadata));
        } else if (filter instanceof Filter.Not not) {
            return !matches(not.filter(), metadata);
        } else if (filter instanceof Filter.Exists exists) {
            Object value = at(exists.field(), metadata);
            return value != null && !List.of().equals(value);
        } else if (filter instanceof Filter.AnyOf any) {
            return holds(any.field(), metadata, held -> any.values().stream().anyMatch(value -> equal(held, value)));
        }
        Filter.Range range = (Filter.Range) filter;
        return holds(range.field(), metadata, held -> held instanceof Number number && lies(exact(number), range));
    }

    private static boolean holds(FieldPath field, Map<String, Object> metadata, Predicate<Object> condition) {
        Object value = at(field, metadata);
        return value instanceof List<?> elements ? elements.stream().anyMatch(condition) : condition.test(value);
    }

    private static Object at(FieldPath field, Object value) {
        Object inner = value;
        for (String key : field.keys()) {
            inner = inner instanceof Map<?, ?> object ? object.get(key) : null;
        }
        return inner;
    }

    private static boolean equal(Object held, Object wanted) {
        if (held instanceof Number number && wanted instanceof Number other) {
            boolean anonymous = held instanceof Double && exact(number).abs().compareTo(MOST) > 0;
            return !anonymous && exact(number).compareTo(exact(other)) == 0;
        }
        return wanted.equals(held);
    }

    private static boolean lies(BigDecimal number, Filter.Range range) {
        Filter.Bound lower = range.lower();
        Filter.Bound upper = range.upper();
        int above = lower == null ? 1 : number.compareTo(new BigDecimal(lower.value()));
        int below = upper == null ? -1 : number.compareTo(new BigDecimal(upper.value()));
        return (above > 0 || above == 0 && lower.inclusive()) && (below < 0 || below == 0 && upper.inclusive());
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Double ? new BigDecimal((Double) number) : BigDecimal.valueOf(number.longValue());
    }
}
