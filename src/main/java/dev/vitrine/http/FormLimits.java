package dev.vitrine.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long a form may be, its files included. Thread-safe. */
final class FormLimits {

    /**
     * @param advice the setting that it comes from, and what to do
     * @param mostLarge how many large ones may come in or be worked on at once
     */
    record Limit(long bytes, String advice, int mostLarge) {

        /** Receiving one of these costs so much that a flood of them would be felt by others. */
        static final long LARGE_BYTES = 1_000_000;
    }

    private final Limit usual;
    private final Map<String, Limit> byPath = new ConcurrentHashMap<>();

    /** @param bytes of a form with one picture */
    FormLimits(long bytes) {
        usual = new Limit(
                bytes, "(VITRINE_MAX_UPLOAD and the form around it). Send a smaller picture.", Integer.MAX_VALUE);
    }

    /** Lets fewer large forms of a path in at once than come. */
    void bound(String path, int mostLarge) {
        byPath.put(path, new Limit(usual.bytes(), usual.advice(), mostLarge));
    }

    /** Gives the forms of a path another limit. */
    void put(String path, Limit limit) {
        byPath.put(path, limit);
    }

    /** @param path of a route; null for none */
    Limit of(String path) {
        return path == null ? usual : byPath.getOrDefault(path, usual);
    }
}
