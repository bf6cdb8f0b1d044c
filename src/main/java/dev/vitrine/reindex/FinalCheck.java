package dev.vitrine.reindex;

import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.SearchHit;
import dev.vitrine.index.StoredPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Looks whether a generation can take over from another. */
final class FinalCheck {
    private static final int SAMPLE = 200;
    private static final double LEAST_FOUND = 0.99;
    private static final int HITS = 10;

    /** Two pictures of one content have the same vector; a score has so many digits. */
    private static final float SAME = 0.99999f;

    /** Uploads go on, so that the counts are equal between two of them. */
    private static final int COUNTS = 50;

    /** How long between two counts. */
    static final Duration USUAL_PAUSE = Duration.ofMillis(100);

    private final Generation source;
    private final Generation target;
    private final Duration pause;

    /** @param pause between two counts */
    FinalCheck(Generation source, Generation target, Duration pause) {
        this.source = source;
        this.target = target;
        this.pause = pause;
    }

    /**
     * Why it cannot; empty where it can.
     *
     * @param missing pictures that it is allowed to lack
     * @param mayHaveMore whether it may hold what the other does not
     */
    Optional<String> fault(long missing, boolean mayHaveMore) throws InterruptedException {
        Optional<String> counts = counts(missing, mayHaveMore);
        return counts.isPresent() ? counts : sample();
    }

    private Optional<String> counts(long missing, boolean mayHaveMore) throws InterruptedException {
        long there = 0;
        long here = 0;
        for (int i = 0; i < COUNTS; i++) {
            there = count(source) - missing;
            here = count(target);
            if (here == there || mayHaveMore && here > there) {
                return Optional.empty();
            }
            Thread.sleep(pause.toMillis());
        }
        return Optional.of("the new collection has " + here + " pictures and should have " + there);
    }

    private static long count(Generation generation) {
        long count = 0;
        for (String collection : generation.indexes().names()) {
            count += generation.indexes().of(collection).count();
        }
        return count;
    }

    /** A picture of the new collection that is searched for by its own vector comes first, or beside its like. */
    private Optional<String> sample() {
        List<String> lost = new ArrayList<>();
        int asked = 0;
        for (String collection : target.indexes().names()) {
            ProductIndex index = target.indexes().of(collection);
            for (StoredPoint point : sample(index)) {
                asked++;
                List<SearchHit> hits = index.search(point.vector(), HITS, -1);
                String id = point.product().productId();
                if (hits.isEmpty()
                        || hits.get(0).score() < SAME
                        || hits.size() < HITS
                                && hits.stream()
                                        .noneMatch(
                                                hit -> hit.product().productId().equals(id))) {
                    lost.add(id);
                }
            }
        }
        return lost.size() > asked * (1 - LEAST_FOUND)
                ? Optional.of("of a sample of " + asked + " pictures " + lost.size()
                        + " are not found by their own vectors, product " + lost.get(0) + " for example")
                : Optional.empty();
    }

    private static List<StoredPoint> sample(ProductIndex index) {
        List<StoredPoint> sample = new ArrayList<>();
        for (int i = 0; i < SAMPLE; i++) {
            sample.addAll(index.points(UUID.randomUUID().toString(), 1, null, true));
        }
        return sample;
    }
}
