package dev.vitrine.http;

import java.util.Map;

/** Says what is wrong with the values of query parameters, once something is wrong with a name, so that all is said at once. */
@FunctionalInterface
public interface ParameterRules {

    /**
     * Adds what is wrong.
     *
     * @param path of the route, with braces
     * @param values by name; no name that is not known
     */
    void check(String path, Map<String, String> values, FieldErrors errors);
}
