package dev.vitrine.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long a form may be, its files included. Thread-safe. */
final class FormLimits {

    /** @param advice the setting that it comes from, and what to do */
    record Limit(long bytes, String advice) {}

    private final Limit usual;
    private final Map<String, Limit> byPath = new ConcurrentHashMap<>();

    /** @param bytes of a form with one picture */
    FormLimits(long bytes) {
        usual = new Limit(bytes, "(VITRINE_MAX_UPLOAD and the form around it). Send a smaller picture.");
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
