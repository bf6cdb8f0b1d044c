package dev.vitrine.index;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the metadata of a picture must be like. Every index gives the same answer:
 *
 * <ul>
 *   <li>Text is equal where every character is, with its case and its accents; it is never a number or a boolean.
 *   <li>Numbers are equal by value, so 12 and 12.0 are. Whole numbers of 64 bits are exact; numbers with a point or an
 *       exponent are doubles, and as such are equal to nothing where they lie beyond ±(2^53 − 1).
 *   <li>A field with an array holds each of its elements, and meets a condition where one of them does. Arrays within arrays
 *       and objects are no values.
 *   <li>A field that is missing, null or an empty array holds nothing.
 * </ul>
 */
public sealed interface Filter {

    /** Bounds of ranges, and doubles that can be equal to something, lie within ± this: 2^53 − 1. */
    long MAX_EXACT = (1L << 53) - 1;

    /**
     * The field holds one of the values.
     *
     * @param values text, booleans and numbers, at least one; kept as {@link String}, {@link Boolean}, {@link Long}, and
     *     {@link Double} for what is no whole number
     */
    record AnyOf(FieldPath field, List<Object> values) implements Filter {
        public AnyOf {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("holds no value");
            }
            values = values.stream().map(Filter::value).distinct().toList();
        }
    }

    /**
     * The field holds a number between two bounds.
     *
     * @param lower null for none, but not both
     * @param upper null for none
     */
    record Range(FieldPath field, Bound lower, Bound upper) implements Filter {
        public Range {
            if (lower == null && upper == null) {
                throw new IllegalArgumentException("holds no bound");
            }
        }
    }

    /** The field holds something: it is there, not null and no empty array. */
    record Exists(FieldPath field) implements Filter {}

    /** The filter is not met; so also where its field is missing. */
    record Not(Filter filter) implements Filter {}

    /** All are met. */
    record And(List<Filter> filters) implements Filter {
        public And {
            filters = atLeastOne(filters);
        }
    }

    /** One is met. */
    record Or(List<Filter> filters) implements Filter {
        public Or {
            filters = atLeastOne(filters);
        }
    }

    /**
     * An end of a range.
     *
     * @param value within ±{@link #MAX_EXACT}, as doubles, with which Qdrant compares, are exact up to there
     */
    record Bound(double value, boolean inclusive) {
        public Bound {
            if (!(Math.abs(value) <= MAX_EXACT)) {
                throw new IllegalArgumentException("must lie within ±" + MAX_EXACT + " (2^53 − 1)");
            }
            value += 0.0; // −0 is 0
        }
    }

    /**
     * Whether a picture with this metadata meets the filter.
     *
     * @param metadata in {@linkplain Metadata#canonical canonical} form
     */
    default boolean isMetBy(Map<String, Object> metadata) {
        return FilterMeaning.matches(this, metadata);
    }

    /** The fields that the filter asks about. */
    default Set<FieldPath> fields() {
        Set<FieldPath> fields = new HashSet<>();
        if (this instanceof AnyOf any) {
            fields.add(any.field());
        } else if (this instanceof Range range) {
            fields.add(range.field());
        } else if (this instanceof Exists exists) {
            fields.add(exists.field());
        } else if (this instanceof Not not) {
            fields.addAll(not.filter().fields());
        } else {
            List<Filter> parts = this instanceof And and ? and.filters() : ((Or) this).filters();
            parts.forEach(part -> fields.addAll(part.fields()));
        }
        return fields;
    }

    /**
     * A value in the form that {@link AnyOf} keeps.
     *
     * @throws IllegalArgumentException for what no field can be equal to; its message is to be read after the value
     */
    static Object value(Object value) {
        if (value instanceof String text) {
            UnicodeText.fault(text).ifPresent(fault -> {
                throw new IllegalArgumentException(fault);
            });
            return text;
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        throw new IllegalArgumentException("is no text, number or boolean");
    }

    private static Number number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return fraction(number.doubleValue());
        }
        BigDecimal exact = new BigDecimal(number.toString());
        if ((long) exact.precision() - exact.scale() > 19) {
            throw new IllegalArgumentException("has more than 64 bits, which no number in metadata has");
        }
        if (exact.stripTrailingZeros().scale() > 0) {
            return fraction(exact.doubleValue());
        }
        BigInteger whole = exact.toBigIntegerExact();
        if (whole.bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException("has more than 64 bits, which no number in metadata has");
        }
        return whole.longValue();
    }

    private static Number fraction(double value) {
        if (!(Math.abs(value) <= MAX_EXACT)) {
            throw new IllegalArgumentException(
                    "is no whole number and lies beyond ±" + MAX_EXACT + " (2^53 − 1); ask for a range");
        }
        if (value == (long) value) {
            return (long) value;
        }
        return value;
    }

    private static List<Filter> atLeastOne(List<Filter> filters) {
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("holds no filter");
        }
        return List.copyOf(filters);
    }
}
