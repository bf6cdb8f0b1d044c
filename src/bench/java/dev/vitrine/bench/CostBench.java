package dev.vitrine.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time of a product and of an upload by the threads that spend it, in turns with the bare loop on the same
 * processors. It counts processor time and no hours, as other programs on the machine change that least.
 */
final class CostBench {
    private static final Duration UNIT = Duration.ofSeconds(1);
    private static final double HIDDEN = 0.005;

    private final Plan plan;
    private final BareLoop loop;
    private final List<Turns> wholes = new ArrayList<>();

    CostBench(Plan plan, BareLoop loop) {
        this.plan = plan;
        this.loop = loop;
    }

    /**
     * Measures a service that indexes what it takes, and one that only takes it. Both are warm.
     *
     * @return each whole followed by its parts, the largest first
     */
    List<Cost> run(ServiceProcess saturated, ServiceProcess api, Upload uploads) throws InterruptedException {
        Turns product = turns("a product, from HTTP to the index", "loop");
        Turns upload = turns("an upload, to its 202", "prepare");
        ThroughputBench load = new ThroughputBench(plan, loop, saturated, uploads);
        Clients clients = new Clients(api.port());
        clients.send(uploads::next, plan.acceptWarmUp(), 202);
        for (int turn = 0; turn < plan.costTurns(); turn++) {
            double prepared = loop.prepare(UNIT);
            try (ThreadWatch watch = new ThreadWatch(api)) {
                long taken = clients.flood(uploads::next, UNIT, 202).latencies().getTotalCount();
                upload.add(watch.spent(), taken, prepared);
            }

            double bare = loop.run(8, UNIT).cpuMillis();
            load.keepBusy(Duration.ofSeconds(1), null); // fills the batches again
            try (ThreadWatch watch = new ThreadWatch(saturated)) {
                long done = saturated.progress().completed();
                load.keepBusy(plan.cost(), null);
                product.add(watch.spent(), saturated.progress().completed() - done, bare);
            }
        }
        return wholes.stream().flatMap(whole -> whole.costs().stream()).toList();
    }

    private Turns turns(String what, String unit) {
        Turns turns = new Turns(what, unit);
        wholes.add(turns);
        return turns;
    }

    /** The turns of one whole and its parts. */
    private static final class Turns {
        private final String what;
        private final String unit;
        private final Map<String, List<Double>> millis = new LinkedHashMap<>();
        private final Map<String, List<Double>> ratios = new LinkedHashMap<>();

        Turns(String what, String unit) {
            this.what = what;
            this.unit = unit;
        }

        void add(ThreadWatch.Spent spent, long count, double unitMillis) {
            if (count == 0) {
                throw new BenchException("The service finished nothing in " + what);
            }
            note(what, spent.seconds() * 1000 / count, unitMillis);
            spent.byGroup().forEach((group, seconds) -> note("  " + group, seconds * 1000 / count, unitMillis));
        }

        private void note(String name, double milliseconds, double unitMillis) {
            millis.computeIfAbsent(name, n -> new ArrayList<>()).add(milliseconds);
            ratios.computeIfAbsent(name, n -> new ArrayList<>()).add(milliseconds / unitMillis);
        }

        List<Cost> costs() {
            double whole = Figures.median(millis.get(what));
            return millis.entrySet().stream()
                    .map(entry -> new Cost(
                            entry.getKey(), Figures.median(entry.getValue()), unit, ratios.get(entry.getKey())))
                    .filter(cost -> cost.millis() >= HIDDEN * whole)
                    .sorted((a, b) -> Double.compare(b.millis(), a.millis()))
                    .toList();
        }
    }
}
