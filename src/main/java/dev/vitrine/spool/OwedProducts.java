package dev.vitrine.spool;

import dev.vitrine.job.Job;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells whether something of a product waits in the spool. It reads each record once and from then on lists the folder
 * alone, once for all who ask at the same time. Safe for many threads; other processes may write the folder.
 */
public final class OwedProducts {
    private final Spool spool;
    private final AtomicLong asked = new AtomicLong();

    /** Product by job id. Guarded by this. */
    private final Map<String, String> products = new HashMap<>();

    /** How many of those who asked a look has served. Guarded by this. */
    private long served;

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
            return products.containsValue(productKey);
        }
    }

    private void look() {
        Set<String> owed = new HashSet<>();
        spool.forEachOwed(owed::add);
        products.keySet().retainAll(owed);
        for (String id : owed) {
            if (!products.containsKey(id)) {
                spool.find(id).ifPresent(job -> products.put(id, job.productKey()));
            }
        }
    }
}
