package dev.vitrine.part;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A part of the service. It is made without touching anything, so that what it gives to routes is known without it being
 * opened; {@link #open()} is called once, and {@link #close()} afterwards, also when opening failed.
 */
public interface Part extends AutoCloseable {

    /** Opens files, connections and threads. Parts are opened in their order and closed in the opposite one. */
    default void open() throws Exception {}

    /** What routes may name. The beans themselves are asked for when the part is open. */
    default List<Offer<?>> beans() {
        return List.of();
    }

    /** The properties that routes use as placeholders; some are final only when the part is open. */
    default Map<String, String> properties() {
        return Map.of();
    }

    /** How the part is seen to work; asked for when it is open. */
    default List<Probe> probes() {
        return List.of();
    }

    @Override
    default void close() throws IOException {}
}
