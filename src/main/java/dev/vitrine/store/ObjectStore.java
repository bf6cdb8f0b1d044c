package dev.vitrine.store;

import dev.vitrine.store.ObjectPage.StoredObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Objects by key below a prefix of a bucket. What was put is durable on return and seen by everybody who asks afterwards.
 * Every method throws an {@link ObjectStoreException} when the store does not do it, after some tries over half a minute at
 * most. Safe for many threads and processes.
 */
public interface ObjectStore extends AutoCloseable {
    /** As many objects one request lists. */
    int PAGE = 1_000;

    /** Where it is, for people: no secrets. */
    String place();

    /** The objects whose keys go on with a word and a slash, over the same connections. Closing it closes nothing. */
    ObjectStore below(String word);

    /** The bucket's name. */
    String bucket();

    /** The key within the bucket of an object below the prefix. */
    String path(String key);

    /** What an endpoint of Camel's {@code aws2-s3} writes to this bucket with; of a type that is its own business. */
    Object client();

    /** Puts an object in the place of one that may be there. */
    void put(String key, byte[] content);

    /** An object's content; empty where there is none. */
    Optional<byte[]> get(String key);

    /**
     * Writes an object's content to a file, which must not be there.
     *
     * @return whether there is such an object; if not, no file is made
     */
    boolean fetch(String key, Path file);

    /** How many bytes an object has; −1 where there is none. */
    long size(String key);

    /** Deletes an object that may be there. */
    void delete(String key);

    /**
     * Some of the objects, in the order of their keys.
     *
     * @param after the key before the first one; empty to begin
     * @param most how many, up to 1,000
     */
    ObjectPage list(String after, int most);

    /**
     * Looks at each object, in the order of their keys.
     *
     * @param see takes an object and the store's own time
     */
    default void forEach(BiConsumer<StoredObject, Instant> see) {
        String after = "";
        while (true) {
            ObjectPage page = list(after, PAGE);
            page.objects().forEach(object -> see.accept(object, page.now()));
            if (page.isLast()) {
                return;
            }
            after = page.objects().get(page.objects().size() - 1).key();
        }
    }

    /**
     * Gives up uploads in parts that were begun below the prefix and never ended. Nobody here makes such.
     *
     * @param age of those that are given up, by the store's own clock
     * @return how many
     */
    int abortUploads(Duration age);

    @Override
    void close();
}
