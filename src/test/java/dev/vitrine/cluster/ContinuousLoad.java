package dev.vitrine.cluster;

import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ProductQuery;
import dev.vitrine.index.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Searches and uploads without pause, each kind one after the other, and how long each kind failed at most. */
final class ContinuousLoad implements AutoCloseable {
    static final VectorSpace SPACE = new VectorSpace("sample", "f".repeat(64), 8);

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** What became of one kind of call. */
    static final class Record {
        private long lastGood = System.nanoTime();
        private long longest;
        private int good;
        private int failed;
        private String lastFailure = "";

        synchronized void good() {
            long now = System.nanoTime();
            longest = Math.max(longest, now - lastGood);
            lastGood = now;
            good++;
        }

        synchronized void failed(String why) {
            failed++;
            lastFailure = why;
        }

        /** The longest time between two that went well. */
        synchronized Duration longestGap() {
            return Duration.ofNanos(Math.max(longest, System.nanoTime() - lastGood));
        }

        synchronized int countGood() {
            return good;
        }

        @Override
        public synchronized String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s, %d of %d failed%s",
                    longestGap().toMillis() / 1_000.0,
                    failed,
                    good + failed,
                    failed == 0 ? "" : " (" + lastFailure + ")");
        }
    }

    private final ProductIndex index;
    private final Record searches = new Record();
    private final Record uploads = new Record();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    ContinuousLoad(ProductIndex index) {
        this.index = index;
        threads.execute(this::search);
        threads.execute(this::upload);
    }

    Record searches() {
        return searches;
    }

    Record uploads() {
        return uploads;
    }

    /** The products whose upload was acknowledged, each with its version. */
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    /** Those of the acknowledged that the index has lost, or has in an older version. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        acknowledged.forEach((product, version) -> {
            List<Product> found = index.find(product);
            if (found.size() != 1 || found.get(0).version() < version) {
                lost.add(product + " of version " + version + ": " + found);
            }
        });
        return lost;
    }

    @Override
    public void close() {
        ended.set(true);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A call did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void search() {
        for (long i = 0; !ended.get(); i++) {
            ProductQuery query = new ProductQuery(vector(i), 10, -1, null, Set.of(), 0);
            attempt(searches, () -> index.search(query));
            rest();
        }
    }

    /** Each upload is sent until it is acknowledged, as the queue does. */
    private void upload() {
        for (long i = 0; !ended.get(); i++) {
            long version = i + 1;
            String product = "p" + i % 100;
            while (!ended.get() && !attempt(uploads, () -> index.upsert(product(product, version), vector(version)))) {
                rest();
            }
            if (!ended.get()) {
                acknowledged.put(product, version);
            }
            rest();
        }
    }

    private static Product product(String id, long version) {
        return new Product(id, "main", "Name", Instant.EPOCH, version, SPACE.model(), Map.of());
    }

    private static float[] vector(long seed) {
        Random random = new Random(seed);
        float[] vector = new float[SPACE.dimensions()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static boolean attempt(Record record, Runnable call) {
        try {
            call.run();
            record.good();
            return true;
        } catch (IndexUnavailableException e) {
            record.failed(e.getMessage());
            return false;
        }
    }

    private static void rest() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
