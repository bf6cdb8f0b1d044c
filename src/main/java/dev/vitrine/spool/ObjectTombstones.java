package dev.vitrine.spool;

import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectPage.StoredObject;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStoreException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Tombstones} in an object store. Each deletion is an empty object of its own, {@code PRODUCT/WHAT.VERSION}, where the
 * product and what of it was deleted are hashes: nothing is overwritten, so no deletion is lost to another at the same time,
 * and one listing tells all that concerns a product.
 */
public final class ObjectTombstones implements Tombstones {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectTombstones.class);
    private static final byte[] NOTHING = {};

    private final ObjectStore store;
    private final Census rounds;

    public ObjectTombstones(ObjectStore store, Clock clock) {
        this.store = store;
        this.rounds = new Census(clock);
    }

    @Override
    public void remember(String key, long version) {
        store.put(name(key) + "." + version, NOTHING);
    }

    @Override
    public long version(String key) {
        return latest(key, Set.of(name(key)));
    }

    @Override
    public long of(Job job) {
        return latest(job.productKey(), Set.of(name(job.productKey()), name(job.pictureKey())));
    }

    private long latest(String key, Set<String> names) {
        String product = product(key);
        long[] latest = {-1};
        store.below(product).forEach((object, now) -> {
            String name = product + "/" + object.key();
            if (names.contains(what(name))) {
                latest[0] = Math.max(latest[0], version(object));
            }
        });
        return latest[0];
    }

    @Override
    public long newest(long until) {
        long[] newest = {-1};
        store.forEach((object, now) -> {
            long version = version(object);
            newest[0] = version <= until ? Math.max(newest[0], version) : newest[0];
        });
        return newest[0];
    }

    /** Looks once an hour, as it lists all deletions. */
    @Override
    public int forget(Duration age, Supplier<Set<String>> waiting) {
        if (!rounds.isHourOver()) {
            return 0;
        }
        List<String> old = new ArrayList<>();
        store.forEach((object, now) -> {
            if (object.modified().isBefore(now.minus(age))) {
                old.add(object.key());
            }
        });
        if (old.isEmpty()) {
            return 0;
        }
        Set<String> needed = waiting.get().stream().map(ObjectTombstones::name).collect(Collectors.toSet());
        old.removeIf(key -> needed.contains(what(key)));
        try {
            old.forEach(store::delete);
            return old.size();
        } catch (ObjectStoreException e) {
            if (e.reason() != Reason.FORBIDDEN) {
                throw e;
            }
            LOG.debug("Deletions in {} stay until they may be deleted", store.place());
            return 0;
        }
    }

    private static String what(String key) {
        return key.substring(0, key.lastIndexOf('.'));
    }

    private static long version(StoredObject object) {
        return Long.parseLong(object.key().substring(object.key().lastIndexOf('.') + 1));
    }

    /** Of a product, or of a picture, which begins as its product does. Ids may hold what a key is not to hold. */
    private static String name(String key) {
        String product = product(key);
        String own = hash(key);
        return product + "/" + (own.equals(product) ? "all" : own);
    }

    private static String product(String key) {
        int end = key.indexOf('\0');
        return hash(end < 0 ? key : key.substring(0, end));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
