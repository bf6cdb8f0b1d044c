package dev.vitrine.bench;

import dev.vitrine.index.IndexSettings;
import dev.vitrine.queue.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Products a second of 1, 2 and 4 worker processes of one thread each, on one queue, one spool and one Qdrant. */
final class WorkersBench {
    private static final int[] PROCESSES = {1, 2, 4};
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration LENGTH = Duration.ofSeconds(8);

    private final Plan plan;
    private final Path home;
    private final Path folder;
    private final Path model;
    private final Upload uploads;

    WorkersBench(Plan plan, Path home, Path folder, Path model, Upload uploads) {
        this.plan = plan;
        this.home = home;
        this.folder = folder;
        this.model = model;
        this.uploads = uploads;
    }

    List<Report.Workers> run(IndexSettings qdrant) throws InterruptedException, IOException {
        List<Report.Workers> curve = new ArrayList<>();
        List<ServiceProcess> workers = new ArrayList<>();
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"));
                ServiceProcess api = start("api", redis, qdrant)) {
            api.await(uploads.next(), 202);
            ThroughputBench load = new ThroughputBench(plan, null, api, uploads);
            try {
                for (int processes : PROCESSES) {
                    int running = workers.size();
                    while (workers.size() < processes) {
                        workers.add(start("worker", redis, qdrant));
                    }
                    for (ServiceProcess worker : workers.subList(running, processes)) {
                        worker.await(Connection.get("/observe/health/live"), 200);
                    }
                    load.keepBusy(WARM_UP, null);
                    curve.add(measure(load, api, workers));
                }
            } finally {
                workers.forEach(ServiceProcess::close);
            }
        }
        return curve;
    }

    private Report.Workers measure(ThroughputBench load, ServiceProcess api, List<ServiceProcess> workers)
            throws InterruptedException {
        double cpu = cpuSeconds(workers);
        long before = api.progress().completed();
        long start = System.nanoTime();
        load.keepBusy(LENGTH, null);
        long done = api.progress().completed() - before;
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Report.Workers(workers.size(), done / seconds, (cpuSeconds(workers) - cpu) * 1000 / done);
    }

    private static double cpuSeconds(List<ServiceProcess> workers) {
        return workers.stream().mapToDouble(ServiceProcess::cpuSeconds).sum();
    }

    private ServiceProcess start(String role, EmbeddedRedis redis, IndexSettings qdrant) {
        return ServiceProcess.start(
                home,
                folder.resolve("data"),
                model.toString(),
                role,
                Map.of(
                        "VITRINE_REDIS_URL", redis.url(),
                        "VITRINE_QDRANT_URL", qdrant.url(),
                        "VITRINE_QDRANT_API_KEY", qdrant.apiKey() == null ? "" : qdrant.apiKey(),
                        "VITRINE_COLLECTION", qdrant.collection(),
                        "VITRINE_WORKERS", "1"));
    }
}
