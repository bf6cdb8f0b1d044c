package dev.vitrine.bench;

import dev.vitrine.bench.Report.IndexSearch;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.ProductIndex;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Searches in a hundred thousand and in a million points of each index, and what these take of memory and disk. */
final class MillionBench {
    private static final int[] POINTS = {100_000, 1_000_000};
    private static final Duration SETTLES = Duration.ofHours(2);
    private static final double MEGA = 1e6;

    private final Vectors vectors;
    private final Plan plan;
    private final Path work;
    private final PrintWriter out;

    MillionBench(Vectors vectors, Plan plan, Path work, PrintWriter out) {
        this.vectors = vectors;
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        row("INDEX", "POINTS", "A SECOND", "SETTLED, S", "P50, MS", "P99, MS", "INDEXING", "RECALL", "RSS, MB", "DISK, MB");
        lucene();
        qdrant();
    }

    private void lucene() throws InterruptedException {
        Path folder = work.resolve("lucene");
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, null, folder, IndexSettings.DEFAULT_DEADLINE);
        try (ProductIndex index = ProductIndex.open(settings, SearchBench.SPACE)) {
            for (IndexSearch entry : search(index, () -> SearchBench.awaitIdle(SETTLES))) {
                row("Lucene", entry, Machine.residentMegabytes(ProcessHandle.current().pid()), folder);
            }
        }
    }

    private void qdrant() throws InterruptedException {
        Path folder = work.resolve("qdrant");
        Optional<QdrantHost> found =
                QdrantHost.find(System.getenv("VITRINE_QDRANT_URL"), System.getenv("VITRINE_QDRANT_API_KEY"), folder);
        if (found.isEmpty()) {
            return;
        }
        try (QdrantHost host = found.get();
                ProductIndex index = ProductIndex.open(host.settings(), SearchBench.SPACE)) {
            for (IndexSearch entry : search(index, () -> host.awaitIndexed(SETTLES))) {
                row("Qdrant", entry, host.residentMegabytes(), folder);
            }
        }
    }

    private Iterable<IndexSearch> search(ProductIndex index, SearchBench.Settling settling)
            throws InterruptedException {
        return new SearchBench(vectors, plan, Long.MAX_VALUE).run(index, POINTS, settling);
    }

    private void row(String index, IndexSearch entry, Optional<Double> resident, Path folder) {
        row(
                index,
                Integer.toString(entry.points()),
                number("%.0f", entry.upsertsPerSecond()),
                number("%.0f", entry.settledSeconds()),
                number("%.1f", entry.p50()),
                number("%.1f", entry.p99()),
                number("%.1f", entry.indexing()),
                number("%.2f", entry.recall()),
                resident.map(megabytes -> number("%.0f", megabytes)).orElse("unknown"),
                number("%.0f", bytes(folder) / MEGA));
    }

    private void row(String... cells) {
        out.printf("  %-8s %10s %9s %10s %8s %8s %9s %7s %8s %9s%n", (Object[]) cells);
        out.flush();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(MillionBench::size).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file may be gone by now, as segments merge. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
