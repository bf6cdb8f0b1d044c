package dev.vitrine.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Metadata of every kind, and filters that ask about it: a few keys and values, so that both meet often. */
final class RandomFilters {
    private static final List<String> KEYS =
            List.of("a", "b", "B", "größe", "size.eu", "and", "not", "a b", "metadata", "[0]", "日本");

    private static final long BIG = 1L << 53;

    /** What may lie in metadata and be asked for. */
    private static final List<Object> VALUES = Arrays.asList(
            "red",
            "Red",
            "RED ",
            "rot",
            "Größe",
            "Grösse",
            "Gro\u0308ße",
            "é",
            "e\u0301",
            "",
            " ",
            "12,50",
            "12.5",
            "12",
            "true",
            "null",
            "NaN",
            "x".repeat(400),
            "x".repeat(399) + "y",
            "🧦",
            "a\"b\\c",
            true,
            false,
            0,
            1,
            12,
            -1,
            12.0,
            12.5,
            -0.0,
            0.1,
            1e-300,
            1e-5,
            -12.5,
            38L,
            39L,
            1_000_000_007,
            BIG - 1,
            BIG,
            BIG + 1,
            BIG + 2,
            -BIG,
            -BIG - 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE,
            4503599627370497.5);

    private static final List<Object> ONLY_HELD =
            Arrays.asList(null, 1e17, (double) BIG, 1e300, -1e300, List.of(), Map.of());

    private static final List<Double> BOUNDS =
            List.of(0.0, -0.0, 1.0, 12.0, 12.5, -12.5, 0.1, 38.0, 39.0, 1e-300, (double) Filter.MAX_EXACT, (double)
                    -Filter.MAX_EXACT);

    private final Random random;

    RandomFilters(long seed) {
        this.random = new Random(seed);
    }

    Map<String, Object> metadata() {
        return object(0);
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> object = new HashMap<>();
        int members = random.nextInt(7);
        for (int i = 0; i < members; i++) {
            object.put(one(KEYS), held(depth));
        }
        return object;
    }

    private Object held(int depth) {
        int kind = random.nextInt(20);
        if (kind < 10) {
            return one(VALUES);
        } else if (kind < 12) {
            return one(ONLY_HELD);
        } else if (kind < 15 && depth < 3) {
            return object(depth + 1);
        }
        List<Object> elements = new ArrayList<>();
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            elements.add(depth < 3 && random.nextInt(4) == 0 ? held(depth + 1) : one(VALUES));
        }
        return elements;
    }

    Filter filter() {
        return filter(0);
    }

    private Filter filter(int depth) {
        switch (random.nextInt(depth < 4 ? 10 : 6)) {
            case 0:
                return new Filter.Exists(path());
            case 1, 2:
                return range();
            case 3, 4, 5:
                List<Object> values = new ArrayList<>(List.of(one(VALUES)));
                while (random.nextInt(3) == 0) {
                    values.add(one(VALUES));
                }
                return new Filter.AnyOf(path(), values);
            case 6:
                return new Filter.Not(filter(depth + 1));
            case 7:
                return new Filter.Or(filters(depth + 1));
            default:
                return new Filter.And(filters(depth + 1));
        }
    }

    private List<Filter> filters(int depth) {
        List<Filter> filters = new ArrayList<>();
        do {
            filters.add(filter(depth));
        } while (random.nextBoolean());
        return filters;
    }

    private Filter range() {
        Filter.Bound lower = random.nextInt(3) == 0 ? null : new Filter.Bound(one(BOUNDS), random.nextBoolean());
        Filter.Bound upper =
                lower != null && random.nextBoolean() ? null : new Filter.Bound(one(BOUNDS), random.nextBoolean());
        return new Filter.Range(path(), lower, upper);
    }

    private FieldPath path() {
        List<String> keys = new ArrayList<>(List.of(one(KEYS)));
        while (random.nextInt(4) == 0) {
            keys.add(one(KEYS));
        }
        return new FieldPath(keys);
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
