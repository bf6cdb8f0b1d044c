package dev.vitrine.index;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata in one canonical form, so that it reads the same from every index: text, booleans, null, maps, lists, and
 * numbers as {@link Integer} where they fit, else {@link Long}, else {@link Double}.
 */
final class Metadata {

    /** How deep maps and lists may nest. Protobuf readers stop at 100 messages, and a level of a map takes three. */
    static final int MAX_DEPTH = 24;

    private Metadata() {}

    /**
     * A deep copy in canonical form; empty for null.
     *
     * @throws IllegalArgumentException for what JSON cannot say, or what nests deeper than {@link #MAX_DEPTH}
     */
    static Map<String, Object> canonical(Map<String, ?> metadata) {
        return metadata == null ? Map.of() : map(metadata, 1);
    }

    /** The canonical form of a whole number. */
    static Number whole(long number) {
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }

    private static Object value(Object value, int depth) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text) {
            Admission.text("metadata", text);
            return text;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, depth + 1);
        }
        if (value instanceof List<?> list) {
            checkDepth(depth + 1);
            List<Object> copy = new ArrayList<>(list.size());
            for (Object item : list) {
                copy.add(value(item, depth + 1));
            }
            return copy;
        }
        throw new IllegalArgumentException("Metadata cannot hold a "
                + value.getClass().getName() + "; use text, numbers, booleans, null, lists and maps");
    }

    private static Map<String, Object> map(Map<?, ?> map, int depth) {
        checkDepth(depth);
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("A key of the metadata is not text: " + key);
            }
            Admission.text("metadata", name);
            copy.put(name, value(value, depth));
        });
        return copy;
    }

    private static Number number(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            return whole(number.longValue());
        }
        if (number instanceof BigInteger big && big.bitLength() < Long.SIZE) {
            return whole(big.longValue());
        }
        double value = number instanceof Float
                ? new BigDecimal(number.toString()).doubleValue() // 0.1f is 0.1 to people
                : number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("Metadata holds a number that JSON cannot say: " + number);
        }
        return value;
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("Metadata nests deeper than " + MAX_DEPTH + " levels");
        }
    }
}
