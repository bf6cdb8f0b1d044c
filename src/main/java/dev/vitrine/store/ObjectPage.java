package dev.vitrine.store;

import java.time.Instant;
import java.util.List;

/**
 * Some objects.
 *
 * @param objects in the order of their keys
 * @param isLast whether no object comes after these
 * @param now the store's own time
 */
public record ObjectPage(List<StoredObject> objects, boolean isLast, Instant now) {

    /**
     * An object.
     *
     * @param key below the prefix
     * @param bytes its size
     * @param modified when it was put, by the store's own clock
     */
    public record StoredObject(String key, long bytes, Instant modified) {}
}
