package dev.vitrine.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The first uploads and the first searches of a process that has just begun to take them, from eight clients. */
final class ColdBench {
    private static final int UPLOADS = 500;
    private static final int SEARCHES = 100;

    private final Plan plan;
    private final Path home;
    private final Path folder;

    ColdBench(Plan plan, Path home, Path folder) {
        this.plan = plan;
        this.home = home;
        this.folder = folder;
    }

    /** Medians over the processes. */
    Report.Cold run(List<byte[]> pictures) throws InterruptedException {
        List<Double> p50 = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        List<Double> searchP50 = new ArrayList<>();
        List<Double> searchP99 = new ArrayList<>();
        byte[] search = Connection.search("");
        for (int i = 0; i < plan.coldStarts(); i++) {
            try (ServiceProcess process = start("uploads-" + i)) {
                Clients.Run run = new Clients(process.port()).send(Upload.of(pictures)::next, UPLOADS, 202);
                p50.add(millis(run.latencies(), 50));
                p99.add(millis(run.latencies(), 99));
                perSecond.add(run.perSecond());
            }
            try (ServiceProcess process = start("searches-" + i)) {
                Histogram searches =
                        new Clients(process.port()).send(() -> search, SEARCHES, 200).latencies();
                searchP50.add(millis(searches, 50));
                searchP99.add(millis(searches, 99));
            }
        }
        return new Report.Cold(
                Figures.median(p50),
                Figures.median(p99),
                Figures.median(perSecond),
                Figures.median(searchP50),
                Figures.median(searchP99));
    }

    private ServiceProcess start(String name) throws InterruptedException {
        ServiceProcess process = ServiceProcess.start(home, folder.resolve(name), "vitrine-mini", "all");
        process.await(Connection.get("/observe/health/ready"), 200);
        return process;
    }

    private static double millis(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }
}
