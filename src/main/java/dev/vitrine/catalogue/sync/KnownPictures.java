package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** What was sent to one service, on disk. A kill loses the last second at most. Thread-safe; for one process at a time. */
final class KnownPictures implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CACHE_MB = 8;

    private final MVStore store;
    private final MVMap<String, String> pictures;

    /** @throws BusyException where another import has it open */
    KnownPictures(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            store = new MVStore.Builder()
                    .fileName("async:" + file)
                    .cacheSize(CACHE_MB)
                    .open();
        } catch (MVStoreException e) {
            throw new BusyException("Another import to the same service is running, or " + file + " cannot be read", e);
        }
        store.setVersionsToKeep(0);
        pictures = store.openMap("pictures");
    }

    private KnownPictures(MVStore store) {
        this.store = store;
        this.pictures = store.openMap("pictures");
    }

    /** Opens what nobody writes to, to read it. */
    static KnownPictures read(Path file) throws IOException {
        try {
            return new KnownPictures(new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize(CACHE_MB)
                    .readOnly()
                    .open());
        } catch (MVStoreException e) {
            throw new BusyException("An import is running, or " + file + " cannot be read", e);
        }
    }

    Optional<Known> find(String key) {
        String text = pictures.get(key);
        return text == null ? Optional.empty() : Optional.of(read(text));
    }

    void put(String key, Known known) {
        try {
            pictures.put(key, JSON.writeValueAsString(known));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text can be written", e);
        }
    }

    void remove(String key) {
        pictures.remove(key);
    }

    void clear() {
        pictures.clear();
        store.commit();
    }

    /** All keys, in their order; entries may be removed meanwhile. */
    Iterator<String> keys() {
        return new Keys(pictures);
    }

    private static Known read(String text) {
        try {
            return JSON.readValue(text, Known.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was written here can be read", e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
