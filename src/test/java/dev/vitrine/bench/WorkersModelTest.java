package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 1, 2 and 4 worker processes of this machine, beside what the model of docs/scaling says of them. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkersModelTest {
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration LENGTH = Duration.ofSeconds(15);

    /** What a product costs a worker beside the encoder, of 113 ms. */
    private static final double AROUND = 11.0 / 113;

    /**
     * What a number of workers did.
     *
     * @param cpu seconds of processor time that a product cost the workers
     * @param elsewhere seconds that it cost api, Redis, Qdrant and whoever uploads
     * @param others cores that other programs took
     */
    private record Measured(
            int workers, double rate, double cpu, double elsewhere, double redis, double qdrant, double others) {}

    @TempDir
    Path folder;

    @Test
    void aModelWithTheCostOfOneWorkerTellsWhatTwoAndFourDo() throws Exception {
        List<Measured> measured = measure();
        Measured one = measured.get(0);
        boolean quiet = true;
        for (Measured now : measured) {
            double said = said(one, now);
            System.out.printf(
                    "%d workers: %.1f products/s, the model says %.1f; %.1f ms in workers, %.1f elsewhere (Redis %.2f,"
                            + " Qdrant %.2f); others took %.2f cores%n",
                    now.workers,
                    now.rate,
                    said,
                    now.cpu * 1e3,
                    now.elsewhere * 1e3,
                    now.redis * 1e3,
                    now.qdrant * 1e3,
                    now.others);
            quiet &= now.others < 0.1 * Machine.cores();
            if (quiet) {
                assertThat(said).as(now.workers + " workers").isBetween(0.85 * now.rate, 1.15 * now.rate);
            }
        }
        if (!quiet) {
            System.err.println("Others used the machine, so the model is not compared with what was measured");
        }
    }

    private List<Measured> measure() throws Exception {
        List<byte[]> pictures = Pictures.draw(32);
        Path model = CostModel.in(Files.createDirectories(RunningVitrine.HOME.resolve("target/bench")));
        List<Measured> measured = new ArrayList<>();
        List<ServiceProcess> workers = new ArrayList<>();
        try (QdrantServer qdrant = QdrantServer.startNew(Map.of());
                RedisServer redis = new RedisServer(folder.resolve("redis"), "everysec").start();
                ServiceProcess api = start("api", model, redis, qdrant)) {
            Upload uploads = Upload.of(pictures);
            api.await(uploads.next(), 202);
            ThroughputBench load = new ThroughputBench(Plan.quick(), null, api, uploads);
            for (int count : new int[] {1, 2, 4}) {
                while (workers.size() < count) {
                    workers.add(start("worker", model, redis, qdrant));
                    workers.get(workers.size() - 1).await(Connection.get("/observe/health/ready"), 200);
                }
                load.keepBusy(WARM_UP, null);
                measured.add(measure(load, api, workers));
            }
        } finally {
            workers.forEach(ServiceProcess::close);
        }
        return measured;
    }

    private static Measured measure(ThroughputBench load, ServiceProcess api, List<ServiceProcess> workers)
            throws InterruptedException {
        double inWorkers = seconds(workers);
        double redis = seconds("redis-server");
        double qdrant = seconds("qdrant");
        double ours = seconds("");
        double busy = Machine.busySeconds().orElseThrow();
        long before = api.progress().completed();
        long start = System.nanoTime();
        load.keepBusy(LENGTH, null);
        double done = api.progress().completed() - before;
        double seconds = (System.nanoTime() - start) / 1e9;
        double all = seconds("") - ours;
        double cpu = seconds(workers) - inWorkers;
        return new Measured(
                workers.size(),
                done / seconds,
                cpu / done,
                (all - cpu) / done,
                (seconds("redis-server") - redis) / done,
                (seconds("qdrant") - qdrant) / done,
                (Machine.busySeconds().orElseThrow() - busy - all) / seconds);
    }

    private static double seconds(List<ServiceProcess> workers) {
        return workers.stream().mapToDouble(ServiceProcess::cpuSeconds).sum();
    }

    /** Processor time of this process' children whose command ends so, and with an empty name of all of them and itself. */
    private static double seconds(String program) {
        Stream<ProcessHandle> processes = ProcessHandle.current().descendants();
        double sum = program.isEmpty() ? Machine.seconds(ProcessHandle.current().pid()) : 0;
        return sum
                + processes
                        .filter(process -> process.info().command().orElse("").contains(program))
                        .mapToDouble(process -> Machine.seconds(process.pid()))
                        .sum();
    }

    private double said(Measured one, Measured now) throws Exception {
        double around = one.cpu * AROUND;
        Process model = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        RunningVitrine.HOME
                                .resolve("docs/scaling/Simulation.java")
                                .toString(),
                        "workers",
                        "--threads=" + now.workers,
                        "--cores=" + Math.max(0.1, Machine.cores() - now.others),
                        "--encode=" + (one.cpu - around),
                        "--around=" + around,
                        "--elsewhere=" + one.elsewhere,
                        // Where others keep the second core busy, one worker has that in its cost already.
                        "--contention=" + (one.others < 0.1 * Machine.cores() ? 1.12 : 1))
                .redirectErrorStream(true)
                .start();
        String output = new String(model.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(model.waitFor()).as(output).isZero();
        Matcher row =
                Pattern.compile("(?m)^\\| " + now.workers + " \\| ([0-9.]+)").matcher(output);
        assertThat(row.find()).as(output).isTrue();
        return Double.parseDouble(row.group(1));
    }

    private ServiceProcess start(String role, Path model, RedisServer redis, QdrantServer qdrant) {
        return ServiceProcess.start(
                RunningVitrine.HOME,
                folder.resolve("data"),
                model.toString(),
                role,
                Map.of(
                        "VITRINE_REDIS_URL",
                        redis.url(),
                        "VITRINE_QDRANT_URL",
                        qdrant.grpcUrl(),
                        "VITRINE_COLLECTION",
                        "model",
                        "VITRINE_WORKERS",
                        "1"));
    }
}
