package dev.vitrine.catalogue.sync;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts while an import runs. Thread-safe. */
public final class Tally {
    enum What {
        PRODUCTS,
        PICTURES,
        DONE,
        SENT,
        INDEXED,
        UPDATED,
        UNCHANGED,
        SKIPPED,
        WITHOUT_PICTURE,
        FAILED,
        DELETED,
        MISSING
    }

    private final Map<What, AtomicLong> counts = new EnumMap<>(What.class);

    public Tally() {
        for (What what : What.values()) {
            counts.put(what, new AtomicLong());
        }
    }

    void add(What what) {
        add(what, 1);
    }

    void add(What what, long n) {
        counts.get(what).addAndGet(n);
    }

    private long get(What what) {
        return counts.get(what).get();
    }

    /** The counts now. */
    public ImportCounts counts() {
        return new ImportCounts(
                get(What.PRODUCTS),
                get(What.PICTURES),
                get(What.DONE),
                get(What.SENT),
                get(What.INDEXED),
                get(What.UPDATED),
                get(What.UNCHANGED),
                get(What.SKIPPED),
                get(What.WITHOUT_PICTURE),
                get(What.FAILED),
                get(What.DELETED),
                get(What.MISSING));
    }
}
