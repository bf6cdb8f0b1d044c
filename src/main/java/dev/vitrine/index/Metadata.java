package dev.vitrine.index;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata in one canonical form, so that it reads the same from every index: text, booleans, null, maps, lists, and
 * numbers as {@link Integer} where they fit, else {@link Long}, or {@link Double} where they are no whole numbers. The
 * edge makes this form of what it accepts, so that nothing is accepted that an index would refuse.
 */
public final class Metadata {

    /** How deep maps and lists may nest. Protobuf readers stop at 100 messages, and a level of a map takes three. */
    static final int MAX_DEPTH = 24;

    private Metadata() {}

    /**
     * A deep copy in canonical form; empty for null.
     *
     * @throws IllegalArgumentException for what JSON cannot say, whole numbers of more than 64 bits, numbers beyond the
     *     range of a double, text that is {@linkplain UnicodeText no text}, or more than 24 levels; its message is to be
     *     read after the name of the field
     */
    public static Map<String, Object> canonical(Map<String, ?> metadata) {
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
            checkText(text);
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
        throw new IllegalArgumentException(
                "cannot hold a " + value.getClass().getName() + "; use text, numbers, booleans, null, lists and maps");
    }

    private static Map<String, Object> map(Map<?, ?> map, int depth) {
        checkDepth(depth);
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("has a key that is not text: " + key);
            }
            checkText(name);
            copy.put(name, value(value, depth));
        });
        return copy;
    }

    private static Number number(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            return whole(number.longValue());
        }
        if (number instanceof BigInteger big) {
            if (big.bitLength() >= Long.SIZE) {
                throw new IllegalArgumentException("holds a whole number of more than 64 bits; send it as text");
            }
            return whole(big.longValue());
        }
        double value = number instanceof Float
                ? new BigDecimal(number.toString()).doubleValue() // 0.1f is 0.1 to people
                : number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("holds a number beyond the range of a double; send it as text");
        }
        return value;
    }

    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nests deeper than " + MAX_DEPTH + " levels");
        }
    }

    private static void checkText(String text) {
        UnicodeText.fault(text).ifPresent(fault -> {
            throw new IllegalArgumentException("holds a text that " + fault);
        });
    }
}
