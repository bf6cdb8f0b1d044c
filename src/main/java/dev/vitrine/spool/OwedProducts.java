package dev.vitrine.spool;

import dev.vitrine.job.Job;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells whether something of a product waits in the spool, failed jobs included that may be sent back. It reads each record once and from then on lists the folder
 * alone, once for all who ask at the same time. Safe for many threads; other processes may write the folder.
 */
public final class OwedProducts {
    private final Spool spool;
    private final AtomicLong asked = new AtomicLong();

    /** By job id. Guarded by this. */
    private final Map<String, Keys> owed = new HashMap<>();

    /** How many of those who asked a look has served. Guarded by this. */
    private long served;

    private record Keys(String product, String picture, long version) {}

    public OwedProducts(Spool spool) {
        this.spool = spool;
    }

    /**
     * Whether a job of a product is owed; every job that was accepted before the call counts.
     *
     * @param productKey as {@link Job#productKey()} gives it
     * @throws java.io.UncheckedIOException when the disk cannot be read
     */
    public boolean contains(String productKey) {
        return newest(productKey) >= 0;
    }

    /**
     * The greatest version of what waits of a product; −1 where nothing does.
     *
     * @param productKey as {@link Job#productKey()} gives it
     * @throws java.io.UncheckedIOException when the disk cannot be read
     */
    public long newest(String productKey) {
        long mine = asked.incrementAndGet();
        synchronized (this) {
            if (served < mine) {
                long all = asked.get();
                look();
                served = all;
            }
            return owed.values().stream()
                    .filter(keys -> keys.product().equals(productKey))
                    .mapToLong(Keys::version)
                    .max()
                    .orElse(-1);
        }
    }

    /** When the latest of what waits was accepted, ms since the epoch, as the ids say; −1 where nothing waits. */
    public long latest() {
        long[] latest = {-1};
        spool.forEachOwed(id -> latest[0] = Math.max(latest[0], Job.acceptedAt(id)));
        return latest[0];
    }

    /** The keys of all products and pictures that wait. */
    public synchronized Set<String> keys() {
        look();
        Set<String> all = new HashSet<>();
        owed.values().forEach(keys -> {
            all.add(keys.product());
            all.add(keys.picture());
        });
        return all;
    }

    private void look() {
        Set<String> ids = new HashSet<>();
        spool.forEachOwed(ids::add);
        owed.keySet().retainAll(ids);
        for (String id : ids) {
            if (!owed.containsKey(id)) {
                spool.find(id)
                        .ifPresent(job -> owed.put(id, new Keys(job.productKey(), job.pictureKey(), job.version())));
            }
        }
    }
}
