package dev.vitrine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What is broken in a run while a shop sends: chosen by a seed, and counted. */
public final class Breakage {

    /** Breaks things one after another. */
    public interface Plan {
        void run() throws Exception;
    }

    private final Map<String, Integer> done = new TreeMap<>();
    private final long seed;
    private final Random random;

    public Breakage(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /**
     * The seeds to run with: {@code -DKIND.seed=N} says one, {@code -DKIND.seeds=10} how many random ones.
     *
     * @param kind of tests, as their profile is named
     */
    public static LongStream seeds(String kind) {
        Long given = Long.getLong(kind + ".seed");
        return given != null
                ? LongStream.of(given)
                : new Random().longs(Integer.getInteger(kind + ".seeds", 1), 0, 1_000_000);
    }

    /**
     * Writes how to repeat the run where whoever looks at its logs finds it.
     *
     * @param options what was chosen beside the seed, as Maven takes it
     */
    public void note(Path folder, String kind, Class<?> test, String... options) throws IOException {
        Files.writeString(
                folder.resolve("seed.txt"),
                "mvn -B test -P" + kind + " -Dtest=" + test.getSimpleName() + " -D" + kind + ".seed=" + seed
                        + Stream.of(options).map(" "::concat).collect(Collectors.joining()) + System.lineSeparator());
    }

    public long seed() {
        return seed;
    }

    public Random random() {
        return random;
    }

    /** The same things in an order that the seed decides. */
    public <T> List<T> shuffled(List<T> things) {
        List<T> shuffled = new ArrayList<>(things);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Waits for some milliseconds. */
    public void pause(int from, int to) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(from + random.nextInt(to - from));
    }

    /** Counts something that was broken. */
    public synchronized void count(String fault) {
        done.merge(fault, 1, Integer::sum);
    }

    /** How often what was broken. */
    public synchronized Map<String, Integer> done() {
        return new TreeMap<>(done);
    }

    /** Lets a shop send at least so many uploads, and until the plan is over. */
    public void whileSending(Shop shop, int uploads, Plan plan) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread breaker = new Thread(() -> {
            try {
                plan.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        breaker.start();
        shop.send(uploads, () -> !breaker.isAlive());
        breaker.join();
        if (failure.get() != null) {
            throw new AssertionError("A fault could not be made; seed " + seed, failure.get());
        }
    }
}
