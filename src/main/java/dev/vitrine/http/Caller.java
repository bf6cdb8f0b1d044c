package dev.vitrine.http;

import dev.vitrine.http.keys.Role;
import java.util.List;

/**
 * Who sent a request.
 *
 * @param name of the key; {@code anonymous} where the service has no keys
 * @param role what it may do
 * @param collections those it may touch; empty for all
 */
public record Caller(String name, Role role, List<String> collections) {

    /** Whoever reaches a service without keys. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Role.ADMIN, List.of());

    /** Whether it may touch a collection. */
    public boolean mayTouch(String collection) {
        return collections.isEmpty() || collections.contains(collection);
    }
}
