package dev.vitrine.callbacks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.Removals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link CallbackStore} in an object store, an object each, {@code ID.json}. An empty one is nothing: it was to be deleted. */
final class ObjectCallbacks implements CallbackStore {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectCallbacks.class);
    private static final String SUFFIX = ".json";
    private static final String UNREADABLE = ".unreadable";

    private final ObjectStore store;
    private final Removals removals;
    private final ObjectMapper json = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    ObjectCallbacks(ObjectStore store) {
        this.store = store;
        this.removals = new Removals(store);
    }

    @Override
    public void write(OwedCallback owed) {
        try {
            store.put(owed.id() + SUFFIX, json.writeValueAsBytes(owed));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("A webhook cannot be written as JSON", e);
        }
    }

    @Override
    public Optional<OwedCallback> find(String id) {
        Optional<byte[]> content = store.get(id + SUFFIX).filter(bytes -> bytes.length > 0);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(json.readValue(content.get(), OwedCallback.class));
        } catch (IOException e) {
            LOG.error(
                    "A webhook cannot be understood and is not sent; it is put aside as {} in {}",
                    id + UNREADABLE,
                    store.place(),
                    e);
            store.put(id + UNREADABLE, content.get());
            removals.remove(id + SUFFIX);
            return Optional.empty();
        }
    }

    @Override
    public void remove(String id) {
        removals.remove(id + SUFFIX);
    }

    /** By the store's clock. */
    @Override
    public Set<String> olderThan(Duration age) {
        Set<String> ids = new HashSet<>();
        store.forEach((object, now) -> {
            if (object.bytes() > 0
                    && object.key().endsWith(SUFFIX)
                    && !object.modified().isAfter(now.minus(age))) {
                ids.add(object.key().substring(0, object.key().length() - SUFFIX.length()));
            }
        });
        return ids;
    }
}
