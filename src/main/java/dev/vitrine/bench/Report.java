package dev.vitrine.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All figures of a run, as they are written to {@code report.json}. Where a system does not tell a figure it is NaN.
 *
 * @param noise the largest share of the processors that other programs took during a measurement of the service
 */
record Report(
        @JsonProperty("at") String at,
        @JsonProperty("machine") String machine,
        @JsonProperty("quick") boolean quick,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("noise") double noise,
        @JsonProperty("throughput") Throughput throughput,
        @JsonProperty("accept") Accept accept,
        @JsonProperty("search") Search search,
        @JsonProperty("start") Start start,
        @JsonProperty("memory") Memory memory,
        @JsonProperty("growth") Growth growth) {

    /** Of a chart. */
    record Point(@JsonProperty("x") double x, @JsonProperty("y") double y) {}

    /**
     * @param cpuMillis processor time of a product, Redis included, in ms
     * @param ceilingCpuMillis of a picture in the bare loop
     * @param cpuRatio of the two, which other work on the machine disturbs less than the clock
     * @param ceilings the bare loop by batch size
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

    /** The embedded index with so many points. */
    record IndexSize(
            @JsonProperty("points") int points,
            @JsonProperty("upserts_per_s") double upsertsPerSecond,
            @JsonProperty("search_p50_ms") double p50,
            @JsonProperty("search_p99_ms") double p99,
            @JsonProperty("recall_at_10") double recall,
            @JsonProperty("noise") double noise) {}

    /** At the largest size that was measured. */
    record Search(
            @JsonProperty("points") int points,
            @JsonProperty("p50_ms") double p50,
            @JsonProperty("p99_ms") double p99,
            @JsonProperty("recall_at_10") double recall) {}

    /** @param firstAcceptedMillis from the start of the launcher to the first 202 */
    record Start(@JsonProperty("first_accepted_ms") double firstAcceptedMillis, @JsonProperty("noise") double noise) {}

    /** Resident, in MB; Redis counts apart. */
    record Memory(
            @JsonProperty("idle_mini_mb") double idleMini,
            @JsonProperty("redis_mb") double redis,
            @JsonProperty("busy_vit_b32_mb") double busyVit,
            @JsonProperty("idle_api_flooded_mb") double api) {}

    /** A queue of this length. */
    record QueueLength(@JsonProperty("waiting") int waiting, @JsonProperty("job_us") double micros) {}

    /** What a job and a point cost as the queue and the index grow. */
    record Growth(@JsonProperty("queue") List<QueueLength> queue, @JsonProperty("index") List<IndexSize> index) {}

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
        String points = String.format(Locale.ROOT, "%,d points", search.points);
        lines.add(alone("search p99, ms, " + points, search.p99, "≤ 5 at 100,000", search.p99 <= 5));
        lines.add(alone("recall@10, " + points, search.recall, "≥ 0.95", search.recall >= 0.95));
        lines.add(alone(
                "start to first 202, s", start.firstAcceptedMillis / 1000, "≤ 3", start.firstAcceptedMillis <= 3000));
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
