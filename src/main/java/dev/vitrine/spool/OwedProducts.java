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

    private record Keys(String product, String picture) {}

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
        long mine = asked.incrementAndGet();
        synchronized (this) {
            if (served < mine) {
                long all = asked.get();
                look();
                served = all;
            }
            return owed.values().stream().anyMatch(keys -> keys.product().equals(productKey));
        }
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
                spool.find(id).ifPresent(job -> owed.put(id, new Keys(job.productKey(), job.pictureKey())));
            }
        }
    }
}
