package dev.vitrine.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** All figures of a run, as they are written to {@code report.json}. Where a system does not tell a figure it is NaN. */
record Report(
        @JsonProperty("at") String at,
        @JsonProperty("machine") String machine,
        @JsonProperty("quick") boolean quick,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("noise") Disturbance noise,
        @JsonProperty("throughput") Throughput throughput,
        @JsonProperty("accept") Accept accept,
        @JsonProperty("search") Search search,
        @JsonProperty("start") Start start,
        @JsonProperty("cold") Cold cold,
        @JsonProperty("doors") Doors doors,
        @JsonProperty("costs") List<Cost> costs,
        @JsonProperty("steps") List<Step> steps,
        @JsonProperty("memory") Memory memory,
        @JsonProperty("growth") Growth growth,
        @JsonProperty("workers") List<Workers> workers) {

    /**
     * What shared the machine with the measurements.
     *
     * @param others the largest share of the processors that other programs took during a measurement
     * @param stolen the share that the host withheld over the whole run
     * @param spread how far the rounds of the throughput are apart: the best less the worst, by the median
     */
    record Disturbance(
            @JsonProperty("others") double others,
            @JsonProperty("stolen") double stolen,
            @JsonProperty("spread") double spread) {}

    private static final String AS_OPEN = "≤ 1.03 of open";

    /** Of a chart. */
    record Point(@JsonProperty("x") double x, @JsonProperty("y") double y) {}

    /**
     * @param cpuMillis processor time of a product, Redis included, in ms
     * @param ceilingCpuMillis of a picture in the bare loop
     * @param cpuRatio of the two, which other work on the machine disturbs less than the clock
     * @param ceilings the bare loop by batch size
     * @param rounds products a second of each round
     * @param batches how often the service ran the model on so many pictures at once, by that number
     * @param series products a second, second by second
     */
    record Throughput(
            @JsonProperty("products_per_s") double perSecond,
            @JsonProperty("ceiling_per_s") double ceiling,
            @JsonProperty("ratio") double ratio,
            @JsonProperty("ratio_to_batch_1") double ratioToBatch1,
            @JsonProperty("ceiling_batch") int ceilingBatch,
            @JsonProperty("cpu_ms") double cpuMillis,
            @JsonProperty("ceiling_cpu_ms") double ceilingCpuMillis,
            @JsonProperty("cpu_ratio") double cpuRatio,
            @JsonProperty("ceilings_per_s") Map<Integer, Double> ceilings,
            @JsonProperty("rounds_per_s") List<Double> rounds,
            @JsonProperty("batches") Map<Integer, Long> batches,
            @JsonProperty("series") List<Point> series,
            @JsonProperty("noise") double noise) {}

    /**
     * @param rate uploads a second at which latencies were measured
     * @param uploadsPerSecond as many as eight clients get accepted where no worker shares the processors
     */
    record Accept(
            @JsonProperty("p50_ms") double p50,
            @JsonProperty("p99_ms") double p99,
            @JsonProperty("base_p50_ms") double baseP50,
            @JsonProperty("base_p99_ms") double baseP99,
            @JsonProperty("rate_per_s") double rate,
            @JsonProperty("uploads_per_s") double uploadsPerSecond,
            @JsonProperty("percentiles") List<Point> percentiles,
            @JsonProperty("base_percentiles") List<Point> basePercentiles,
            @JsonProperty("noise") double noise) {}

    /**
     * An index with so many points. Latencies hold no embedding, and count from when a search was due.
     *
     * @param upsertsPerSecond from many callers at once, up to this size
     * @param settledSeconds how long the index then went on building in the background
     * @param rate searches a second
     * @param p99Rounds of each round; {@code p50} and {@code p99} are their medians
     * @param indexing p99 while points came in
     * @param recall the share of the exact nearest ten that is found
     * @param filtered null where it was not measured
     */
    record IndexSearch(
            @JsonProperty("points") int points,
            @JsonProperty("upserts_per_s") double upsertsPerSecond,
            @JsonProperty("settled_s") double settledSeconds,
            @JsonProperty("rate_per_s") double rate,
            @JsonProperty("p50_ms") double p50,
            @JsonProperty("p99_ms") double p99,
            @JsonProperty("p99_rounds_ms") List<Double> p99Rounds,
            @JsonProperty("p99_while_indexing_ms") double indexing,
            @JsonProperty("recall_at_10") double recall,
            @JsonProperty("filtered") Filtered filtered,
            @JsonProperty("percentiles") List<Point> percentiles,
            @JsonProperty("noise") double noise) {}

    /**
     * Searches with a filter on metadata.
     *
     * @param passes the share of the points that meet it
     * @param p95 with the filter
     * @param unfilteredP95 without, in turns with the others
     * @param recall the share of the exact nearest ten of those that meet it that is found
     */
    record Filtered(
            @JsonProperty("passes") double passes,
            @JsonProperty("p95_ms") double p95,
            @JsonProperty("unfiltered_p95_ms") double unfilteredP95,
            @JsonProperty("recall_at_10") double recall) {}

    /**
     * At the largest size that was measured.
     *
     * @param qdrant null where there was no server
     */
    record Search(@JsonProperty("lucene") IndexSearch lucene, @JsonProperty("qdrant") IndexSearch qdrant) {}

    /** @param firstAcceptedMillis from the start of the launcher to the first 202 */
    record Start(@JsonProperty("first_accepted_ms") double firstAcceptedMillis, @JsonProperty("noise") double noise) {}

    /** The first uploads, and the first searches by words, of a fresh process, from eight clients. */
    record Cold(
            @JsonProperty("p50_ms") double p50,
            @JsonProperty("p99_ms") double p99,
            @JsonProperty("uploads_per_s") double uploadsPerSecond,
            @JsonProperty("search_p50_ms") double searchP50,
            @JsonProperty("search_p99_ms") double searchP99) {}

    /**
     * A service that is open, and one that asks for a key and limits rates. Ratios are medians of those of the turns.
     *
     * @param perSecond uploads a second, as fast as eight clients get them accepted
     * @param processor processor time of the service and its Redis an upload, ms
     */
    record Doors(
            @JsonProperty("open_p50_ms") double openP50,
            @JsonProperty("p50_ms") double p50,
            @JsonProperty("p50_ratio") double p50Ratio,
            @JsonProperty("p99_ratio") double p99Ratio,
            @JsonProperty("open_uploads_per_s") double openPerSecond,
            @JsonProperty("uploads_per_s") double perSecond,
            @JsonProperty("uploads_ratio") double perSecondRatio,
            @JsonProperty("open_cpu_ms") double openProcessor,
            @JsonProperty("cpu_ms") double processor,
            @JsonProperty("cpu_ratio") double processorRatio,
            @JsonProperty("open_search_p99_ms") double openSearchP99,
            @JsonProperty("search_p99_ms") double searchP99,
            @JsonProperty("search_p99_ratio") double searchP99Ratio) {}

    /** Mean time of a step of the route {@code worker} while the workers were busy, waiting for others included. */
    record Step(@JsonProperty("step") String step, @JsonProperty("mean_ms") double millis) {}

    /** Resident, in MB; Redis counts apart. */
    record Memory(
            @JsonProperty("idle_mini_mb") double idleMini,
            @JsonProperty("redis_mb") double redis,
            @JsonProperty("busy_vit_b32_mb") double busyVit,
            @JsonProperty("idle_api_flooded_mb") double api) {}

    /**
     * So many worker processes of one thread each on one queue.
     *
     * @param cpuMillis processor time of a product, in all workers together
     */
    record Workers(
            @JsonProperty("processes") int processes,
            @JsonProperty("products_per_s") double perSecond,
            @JsonProperty("cpu_ms") double cpuMillis) {}

    /** A queue of this length. */
    record QueueLength(@JsonProperty("waiting") int waiting, @JsonProperty("job_us") double micros) {}

    /** What a job and a point cost as the queue and the index grow. */
    record Growth(@JsonProperty("queue") List<QueueLength> queue, @JsonProperty("index") List<IndexSearch> index) {}

    /** A figure beside its target. */
    record Line(String what, String figure, String ceiling, String ratio, String target, boolean met) {}

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        Throughput t = throughput;
        lines.add(line("products/s", t.perSecond, t.ceiling, "≥ 0.90 of the bare loop", t.ratio >= 0.9));
        double batch1 = t.ceilings.get(1);
        lines.add(line("  against batch size 1", t.perSecond, batch1, "≥ 1.2", t.ratioToBatch1 >= 1.2));
        lines.add(line(
                "  processor ms a product",
                t.cpuMillis,
                t.ceilingCpuMillis,
                "≥ 0.90 (bare/service)",
                t.cpuRatio,
                t.cpuRatio >= 0.9));
        Accept a = accept;
        lines.add(line("accept p50, ms", a.p50, a.baseP50, "≤ 5 ms above", a.p50 - a.baseP50 <= 5));
        lines.add(line("accept p99, ms", a.p99, a.baseP99, "≤ 15 ms above", a.p99 - a.baseP99 <= 15));
        lines.add(alone("uploads/s without workers", a.uploadsPerSecond, "≥ 1,000", a.uploadsPerSecond >= 1000));
        addSearch(lines, "Lucene", search.lucene);
        if (search.qdrant != null) {
            addSearch(lines, "Qdrant", search.qdrant);
        }
        lines.add(alone(
                "start to first 202, s", start.firstAcceptedMillis / 1000, "≤ 3", start.firstAcceptedMillis <= 3000));
        addCold(lines);
        addDoors(lines);
        lines.add(alone("idle with vitrine-mini, MB", memory.idleMini, "≤ 300", memory.idleMini <= 300));
        lines.add(alone("busy with ViT-B/32, MB", memory.busyVit, "≤ 751 (351 + 400)", memory.busyVit <= 751));
        QueueLength shortest = growth.queue.get(0);
        QueueLength longest = growth.queue.get(growth.queue.size() - 1);
        lines.add(line(
                String.format(Locale.ROOT, "µs a job, %,d against %,d waiting", longest.waiting, shortest.waiting),
                longest.micros,
                shortest.micros,
                "≤ 1.25",
                longest.micros <= 1.25 * shortest.micros));
        return lines;
    }

    private void addCold(List<Line> lines) {
        if (cold == null) {
            return; // a report from before it was measured
        }
        lines.add(alone("first 500 uploads, p50, ms", cold.p50, "≤ 15", cold.p50 <= 15));
        lines.add(alone("  p99, ms", cold.p99, "≤ 60", cold.p99 <= 60));
        lines.add(alone("  uploads/s", cold.uploadsPerSecond, "≥ 450", cold.uploadsPerSecond >= 450));
        lines.add(alone("first 100 searches by words, p50, ms", cold.searchP50, "none", true));
        lines.add(alone("  p99, ms", cold.searchP99, "none", true));
    }

    private void addDoors(List<Line> lines) {
        if (doors == null) {
            return;
        }
        Doors d = doors;
        lines.add(line("with a key and a rate: accept p50, ms", d.p50, d.openP50, AS_OPEN, d.p50Ratio, d.p50Ratio <= 1.03));
        lines.add(new Line("  accept p99", "", "", number(d.p99Ratio), AS_OPEN, d.p99Ratio <= 1.03));
        lines.add(line("  uploads/s", d.perSecond, d.openPerSecond, "≥ 0.97 of open", d.perSecondRatio, d.perSecondRatio >= 0.97));
        lines.add(line(
                "  processor ms an upload", d.processor, d.openProcessor, AS_OPEN, d.processorRatio, d.processorRatio <= 1.03));
        lines.add(line("  search p99, ms", d.searchP99, d.openSearchP99, AS_OPEN, d.searchP99Ratio, d.searchP99Ratio <= 1.03));
    }

    private static void addSearch(List<Line> lines, String name, IndexSearch index) {
        String where = String.format(Locale.ROOT, "%s, %,d points", name, index.points);
        lines.add(alone("search p99, ms: " + where, index.p99, "≤ 5 at 100,000", index.p99 <= 5));
        lines.add(alone("  while points come in", index.indexing, "≤ 5", index.indexing <= 5));
        lines.add(alone("  recall@10", index.recall, "≥ 0.95", index.recall >= 0.95));
        Filtered f = index.filtered;
        if (f != null) {
            boolean quick = f.p95 <= 2 * f.unfilteredP95;
            lines.add(line("  p95, ms, of a filter that 0.1 % pass", f.p95, f.unfilteredP95, "≤ 2 × unfiltered", quick));
            lines.add(alone("  its recall@10", f.recall, "≥ 0.95", f.recall >= 0.95));
        }
    }

    /** What to know before the figures are believed. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (noise.others > Noise.TOO_MUCH) {
            notices.add(percent("Noisy machine: other programs took up to %.0f %% of the processors.", noise.others));
        }
        if (noise.stolen > Noise.TOO_MUCH_STOLEN) {
            notices.add(percent("Noisy machine: its host withheld %.0f %% of the processors.", noise.stolen));
        }
        if (noise.spread > Noise.TOO_FAR_APART) {
            notices.add(percent("Unsteady: the rounds of the throughput are %.0f %% apart.", noise.spread));
        }
        if (quick) {
            notices.add("Short measurements and a small index; for figures to rely on leave out --quick.");
        }
        if (search.qdrant == null) {
            notices.add(
                    "Qdrant was not measured, nor worker processes that share one queue and index: set VITRINE_QDRANT_URL, or put qdrant on the PATH.");
        }
        if (workers != null && !workers.isEmpty()) {
            notices.add(curve());
        }
        return notices;
    }

    /** The workers' curve, and how far the machine's cores let it rise. */
    private String curve() {
        String rates = workers.stream()
                .map(w -> String.format(
                        Locale.ROOT,
                        "%d: %s products/s, %s ms of processor each",
                        w.processes,
                        number(w.perSecond),
                        number(w.cpuMillis)))
                .collect(Collectors.joining("; "));
        return "Worker processes of one thread: " + rates + ". The limit is the cores: " + number(throughput.ceiling)
                + " pictures/s in the bare loop.";
    }

    private static String percent(String pattern, double share) {
        return String.format(Locale.ROOT, pattern, share * 100);
    }

    private static Line line(String what, double figure, double ceiling, String target, boolean met) {
        return line(what, figure, ceiling, target, figure / ceiling, met);
    }

    private static Line line(String what, double figure, double ceiling, String target, double ratio, boolean met) {
        return new Line(what, number(figure), number(ceiling), number(ratio), target, met);
    }

    private static Line alone(String what, double figure, String target, boolean met) {
        return new Line(what, number(figure), "", "", target, met);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
