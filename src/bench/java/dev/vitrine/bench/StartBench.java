package dev.vitrine.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** From {@code ./vitrine start} to the first accepted upload, and the memory of the service when it then idles. */
final class StartBench {
    private static final long IDLE_MILLIS = 3_000;

    private final Plan plan;
    private final Path home;
    private final Path folder;
    private final byte[] upload;

    StartBench(Plan plan, Path home, Path folder, byte[] upload) {
        this.plan = plan;
        this.home = home;
        this.folder = folder;
        this.upload = upload;
    }

    /** Medians over the starts. */
    Result run() throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        List<Double> service = new ArrayList<>();
        List<Double> redis = new ArrayList<>();
        List<Double> noise = new ArrayList<>();
        for (int i = 0; i < plan.starts(); i++) {
            Noise others = Noise.since();
            try (ServiceProcess process =
                    ServiceProcess.start(home, folder.resolve("start-" + i), "vitrine-mini", "all")) {
                millis.add(process.await(upload, 202));
                double mine = process.cpuSeconds();
                noise.add(Math.max(0, others.share() - mine / (millis.get(i) / 1e3 * Machine.cores())));
                Thread.sleep(IDLE_MILLIS);
                process.residentMegabytes().ifPresent(service::add);
                redis.add(process.childrensMegabytes());
            }
        }
        return new Result(
                Figures.median(millis),
                service.isEmpty() ? Double.NaN : Figures.median(service),
                Figures.median(redis),
                Figures.median(noise));
    }

    /**
     * @param millis to the first 202
     * @param megabytes resident, of the service's own process; NaN where unknown
     * @param redisMegabytes resident, of the Redis beside it
     * @param noise the share of the processors that others took
     */
    record Result(double millis, double megabytes, double redisMegabytes, double noise) {}
}
