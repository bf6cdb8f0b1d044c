package dev.vitrine.bench;

import dev.vitrine.bench.Report.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Products a second from HTTP to the index, taking turns with the bare loop on the same processors. */
final class ThroughputBench {
    /** More than all workers hold at once, so that none of them ever waits for an upload. */
    private static final int BACKLOG_A_CORE = 32;

    /** After the bare loop's turn, until all workers' batches are full again. */
    private static final Duration FILLS = Duration.ofSeconds(2);

    private static final int[] BATCHES = {1, 4, 8};
    private static final long DRAIN_POLL_MILLIS = 200;

    /** How often the backlog is looked at and filled up: rarely, as looking costs the service something too. */
    private static final long FILL_MILLIS = 500;

    private final Plan plan;
    private final BareLoop loop;
    private final ServiceProcess service;
    private final Upload uploads;

    ThroughputBench(Plan plan, BareLoop loop, ServiceProcess service, Upload uploads) {
        this.plan = plan;
        this.loop = loop;
        this.service = service;
        this.uploads = uploads;
    }

    /** Rates are medians over the rounds; leaves the service saturated. */
    Report.Throughput run() throws InterruptedException {
        loop.run(8, plan.ceiling()); // warms up
        keepBusy(plan.warmUp(), null);
        Map<Integer, List<BareLoop.Rate>> ceilings = new LinkedHashMap<>();
        List<Double> rates = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        List<Double> noise = new ArrayList<>();
        List<Point> series = new ArrayList<>();
        Map<Integer, Long> before = service.batches();
        for (int round = 0; round < plan.rounds(); round++) {
            drain();
            Noise quiet = Noise.since(service.pids());
            for (int batch : BATCHES) {
                ceilings.computeIfAbsent(batch, b -> new ArrayList<>()).add(loop.run(batch, plan.ceiling()));
            }
            noise.add(quiet.share());
            measure(rates, cpu, noise, series);
        }
        double[] perBatch = new double[BATCHES.length];
        int best = 0;
        for (int i = 0; i < BATCHES.length; i++) {
            perBatch[i] = median(ceilings.get(BATCHES[i]), true);
            best = perBatch[i] > perBatch[best] ? i : best;
        }
        Map<Integer, Double> byBatch = new LinkedHashMap<>();
        for (int i = 0; i < BATCHES.length; i++) {
            byBatch.put(BATCHES[i], perBatch[i]);
        }
        Map<Integer, Long> batches = new TreeMap<>(service.batches());
        batches.replaceAll((size, count) -> count - before.getOrDefault(size, 0L));
        double rate = Figures.median(rates);
        double bareCpu = median(ceilings.get(BATCHES[best]), false);
        return new Report.Throughput(
                rate,
                perBatch[best],
                rate / perBatch[best],
                rate / perBatch[0],
                BATCHES[best],
                Figures.median(cpu),
                bareCpu,
                bareCpu / Figures.median(cpu),
                byBatch,
                rates,
                batches,
                series,
                Figures.largest(noise));
    }

    private void measure(List<Double> rates, List<Double> cpu, List<Double> noise, List<Point> series)
            throws InterruptedException {
        keepBusy(FILLS, null);
        Noise others = Noise.since(service.pids());
        double cpuBefore = service.cpuSeconds();
        List<Point> points = new ArrayList<>();
        long before = service.progress().completed();
        long start = System.nanoTime();
        keepBusy(plan.throughput(), points);
        long done = service.progress().completed() - before;
        double seconds = (System.nanoTime() - start) / 1e9;
        rates.add(done / seconds);
        cpu.add((service.cpuSeconds() - cpuBefore) * 1000 / done);
        noise.add(others.share());
        double offset = series.isEmpty() ? 0 : series.get(series.size() - 1).x();
        points.forEach(point -> series.add(new Point(offset + point.x(), point.y())));
    }

    /** Uploads whenever the backlog falls. */
    void keepBusy(Duration length, List<Point> series) throws InterruptedException {
        Clients clients = new Clients(service.port());
        int backlog = BACKLOG_A_CORE * Machine.cores();
        long start = System.nanoTime();
        long lastCompleted = service.progress().completed();
        double lastSeconds = 0;
        while (true) {
            ServiceProcess.Progress now = service.progress();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (series != null && seconds - lastSeconds >= 1) {
                series.add(new Point(seconds, (now.completed() - lastCompleted) / (seconds - lastSeconds)));
                lastCompleted = now.completed();
                lastSeconds = seconds;
            }
            if (seconds >= length.toMillis() / 1e3) {
                return;
            }
            if (now.owed() < backlog) {
                clients.send(uploads::next, (int) (backlog - now.owed()), 202);
            }
            Thread.sleep(FILL_MILLIS);
        }
    }

    private void drain() throws InterruptedException {
        while (service.progress().owed() > 0) {
            Thread.sleep(DRAIN_POLL_MILLIS);
        }
    }

    private static double median(List<BareLoop.Rate> rates, boolean perSecond) {
        return Figures.median(rates.stream()
                .map(rate -> perSecond ? rate.perSecond() : rate.cpuMillis())
                .toList());
    }
}
