package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a spool of many jobs costs, for docs/performance.md: {@code mvn test -Dtest=LongSpoolTest -Dexcluded.groups=none}, with
 * {@code -DargLine=-Dspool.jobs=1000000} for a million. The files are small: names are what is measured.
 */
@Tag("slow")
class LongSpoolTest {
    private static final int MOST = Integer.getInteger("spool.jobs", 100_000);
    private static final int TIMED = 200;
    private static final int NAMES_A_ROUND = 50_000;

    @TempDir
    private Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private FolderSpool spool;
    private int jobs;

    @Test
    void aJobTakesNoLongerInALongSpoolAndARoundOfUpkeepLooksAtAPartOfIt() throws IOException {
        spool = new FolderSpool(folder).open();
        double first = 0;
        double last = 0;
        for (int size = 1_000; size <= MOST; size *= 10) {
            fill(size);
            last = accept();
            first = first == 0 ? last : first;
            double removed = remove();
            long listing = millis(() -> assertThat(spool.size()).isEqualTo(jobs));
            long sweeping =
                    millis(() -> assertThat(spool.sweep(Duration.ofMinutes(15))).isZero());
            long round = millis(() -> spool.someOwed("", NAMES_A_ROUND, id -> {}));
            long sweptRound = millis(() -> spool.sweep(Duration.ofMinutes(15), "", NAMES_A_ROUND));
            System.out.printf(
                    "%,d jobs: accept %.2f ms, remove %.2f ms; all: list %d ms, sweep %d ms; a round: list %d ms, sweep %d ms%n",
                    size, last, removed, listing, sweeping, round, sweptRound);
        }
        assertThat(last).as("ms to accept").isLessThan(5 * first + 5);
    }

    /** Without flushes, as accepting them all would take hours. */
    private void fill(int size) throws IOException {
        for (; jobs < size; jobs++) {
            write(id(jobs));
            Files.move(
                    folder.resolve(spool.recordName(id(jobs))),
                    folder.resolve(Shard.of(id(jobs))).resolve(id(jobs) + ".json"));
        }
    }

    private void write(String id) throws IOException {
        Path picture = folder.resolve(spool.pictureName(id));
        Files.createDirectories(picture.getParent());
        Files.write(picture, new byte[100]);
        Job job = new Job(id, "mug-" + id, "main", "Mug", Map.of("a", 1), 42, "image/jpeg");
        Files.write(folder.resolve(spool.recordName(id)), json.writeValueAsBytes(job));
    }

    private static String id(int number) {
        return "019c6b2d-a400-7000-8000-%012x".formatted(number);
    }

    /** The median of some, written and flushed. */
    private double accept() throws IOException {
        long[] nanos = new long[TIMED];
        for (int i = 0; i < TIMED; i++) {
            long start = System.nanoTime();
            write("timed-" + i);
            spool.commit("timed-" + i);
            nanos[i] = System.nanoTime() - start;
        }
        return median(nanos);
    }

    private double remove() {
        long[] nanos = new long[TIMED];
        for (int i = 0; i < TIMED; i++) {
            long start = System.nanoTime();
            spool.remove("timed-" + i);
            nanos[i] = System.nanoTime() - start;
        }
        return median(nanos);
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }

    private static long millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }
}
