package dev.vitrine.store;

import dev.vitrine.store.ObjectStoreException.Reason;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes objects, or empties them where they may not be deleted: to whoever finds an empty one it is none, so that no job
 * runs again for want of a right. Safe for many threads.
 */
public final class Removals {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);
    private static final byte[] NOTHING = {};

    private final ObjectStore store;
    private final AtomicBoolean forbidden = new AtomicBoolean();
    private final Queue<String> owed = new ConcurrentLinkedQueue<>();

    public Removals(ObjectStore store) {
        this.store = store;
    }

    /**
     * Removes or empties an object that may be there.
     *
     * @throws ObjectStoreException where the store is away
     */
    public void remove(String key) {
        if (!delete(key) && store.size(key) > 0) {
            store.put(key, NOTHING);
        }
    }

    /**
     * Removes an object that nobody needs, or empties it.
     *
     * @return whether it is gone, or was emptied now
     */
    public boolean clear(String key, boolean isEmpty) {
        if (isEmpty && forbidden.get()) {
            return false;
        }
        if (delete(key)) {
            return true;
        }
        if (!isEmpty) {
            store.put(key, NOTHING);
        }
        return !isEmpty;
    }

    /** Has an object removed by {@link #settle}. */
    public void owe(String key) {
        owed.add(key);
    }

    /** Removes what is owed; where the store is away, another call does. */
    public void settle() {
        for (String key = owed.poll(); key != null; key = owed.poll()) {
            try {
                remove(key);
            } catch (ObjectStoreException e) {
                owed.add(key);
                return;
            }
        }
    }

    private boolean delete(String key) {
        try {
            store.delete(key);
            if (forbidden.compareAndSet(true, false)) {
                LOG.info("Objects in {} may be deleted again", store.place());
            }
            return true;
        } catch (ObjectStoreException e) {
            if (e.reason() != Reason.FORBIDDEN) {
                throw e;
            }
            if (forbidden.compareAndSet(false, true)) {
                LOG.warn(
                        "Objects in {} may not be deleted: the access key lacks s3:DeleteObject. What is done is emptied"
                                + " instead, and runs no second time; give the right, and upkeep deletes it",
                        store.place());
            }
            return false;
        }
    }
}
