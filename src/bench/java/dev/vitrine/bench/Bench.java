package dev.vitrine.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vitrine.cli.Benchmark;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.ProductIndex;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs every measurement, one after the other, prints a table and writes the reports. */
public final class Bench implements Benchmark {
    private static final int PICTURES = 32;
    private static final Duration LUCENE_ENDS = Duration.ofSeconds(640);
    private static final Duration QDRANT_ENDS = Duration.ofSeconds(770);
    private static final Duration WORKERS_BEGIN = Duration.ofSeconds(780);
    private static final Duration SETTLES = Duration.ofSeconds(40);
    private static final Duration AT_LEAST = Duration.ofSeconds(5);

    private final Vectors vectors = new Vectors();
    private final Noise whole = Noise.since();
    private final long begun = System.nanoTime();
    private Path home;
    private boolean quick;
    private PrintWriter out;
    private Plan plan;

    /**
     * {@inheritDoc} Reports go to {@code target/bench} of the installation.
     *
     * @throws BenchException when something that is measured does not work
     */
    @Override
    public void run(Path home, Kind kind, PrintWriter out) throws Exception {
        this.home = home;
        this.quick = kind == Kind.QUICK || kind == Kind.CHECK;
        this.out = out;
        this.plan = quick ? Plan.quick() : Plan.full();
        Path reports = Files.createDirectories(home.resolve("target/bench"));
        Path work = Files.createTempDirectory(reports, "work-");
        try {
            if (kind == Kind.INT8) {
                new Int8Bench(plan, home, work, out).run();
                return;
            }
            if (kind == Kind.OVERLOAD) {
                new OverloadBench(home, work.resolve("overload"), out).run();
                return;
            }
            if (kind == Kind.MILLION) {
                new MillionBench(vectors, plan, work, out).run();
                return;
            }
            Report report = measure(work);
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            json.writeValue(reports.resolve("report.json").toFile(), report);
            Files.writeString(reports.resolve("report.html"), new HtmlReport(report).html());
            print(report, reports);
            new CostTable(out).print(report);
            if (kind == Kind.CHECK) {
                Comparison.withRelease().check(report.costs());
            }
        } finally {
            delete(work);
        }
    }

    private Report measure(Path work) throws Exception {
        say("Drawing pictures, loading the model");
        List<byte[]> pictures = Pictures.draw(PICTURES);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            files.add(Files.write(work.resolve("picture-" + i + ".jpg"), pictures.get(i)));
        }
        Path model = CostModel.in(home.resolve("target/bench"));
        byte[] upload = Upload.of(pictures).next();

        say("Start and idle memory");
        StartBench.Result started = new StartBench(plan, home, work, upload).run();

        Report.Throughput throughput;
        Report.Accept accept;
        List<Cost> costs;
        List<Report.Step> steps;
        double busy;
        double api;
        try (ServiceProcess saturated = ServiceProcess.start(home, work.resolve("all"), model.toString(), "all")) {
            saturated.await(upload, 202);
            say("Throughput, taking turns with the bare loop");
            try (BareLoop loop = new BareLoop(model, files, Machine.cores());
                    ServiceProcess idle = ServiceProcess.start(home, work.resolve("api"), "vitrine-mini", "api")) {
                throughput = new ThroughputBench(plan, loop, saturated, Upload.of(pictures)).run();
                busy = saturated.residentMegabytes().orElse(Double.NaN);
                say("What a product and an upload cost, taking turns with the bare loop");
                idle.await(upload, 202);
                costs = new CostBench(plan, loop).run(saturated, idle, Upload.of(pictures));
                steps = steps(saturated);
                say("Acceptance while the workers are busy, then without workers");
                accept = new AcceptanceBench(plan).run(saturated, idle, pictures);
                api = idle.residentMegabytes().orElse(Double.NaN);
            }
        }

        say("The first requests of fresh processes");
        Report.Cold cold = new ColdBench(plan, home, work.resolve("cold")).run(pictures);
        Report.Doors doors = doors(work.resolve("doors"), upload, pictures);
        say("The queue as it grows");
        List<Report.QueueLength> queue = new QueueBench(plan.waiting(), work.resolve("queue")).run();
        say("Search in Lucene as it grows");
        List<Report.IndexSearch> lucene = lucene(work.resolve("lucene"));
        Report.IndexSearch qdrant = qdrant(work.resolve("qdrant")).orElse(null);
        List<Report.Workers> workers = workers(work.resolve("workers"), model, pictures);
        Report.IndexSearch last = lucene.get(lucene.size() - 1);
        return new Report(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Machine.describe(),
                quick,
                (System.nanoTime() - begun) / 1e9,
                new Report.Disturbance(
                        Figures.largest(List.of(throughput.noise(), accept.noise(), started.noise(), last.noise())),
                        whole.stolen(),
                        Figures.spread(throughput.rounds())),
                throughput,
                accept,
                new Report.Search(last, qdrant),
                new Report.Start(started.millis(), started.noise()),
                cold,
                doors,
                costs,
                steps,
                new Report.Memory(started.megabytes(), started.redisMegabytes(), busy, api),
                new Report.Growth(queue, lucene),
                workers);
    }

    private static List<Report.Step> steps(ServiceProcess service) {
        List<Report.Step> steps = new ArrayList<>();
        service.steps().forEach((step, sum) -> steps.add(new Report.Step(step, sum[0] * 1000 / sum[1])));
        return steps;
    }

    private Report.Doors doors(Path folder, byte[] upload, List<byte[]> pictures) throws InterruptedException {
        say("With a key and a rate limit, in turns with a service that is open");
        try (ServiceProcess open = ServiceProcess.start(home, folder.resolve("open"), "vitrine-mini", "api");
                ServiceProcess closed = ServiceProcess.start(
                        home, folder.resolve("closed"), "vitrine-mini", "api", DoorsBench.CLOSED)) {
            open.await(upload, 202);
            closed.await(Connection.get("/observe/health/ready"), 200);
            return new DoorsBench(plan).run(open, closed, pictures);
        }
    }

    /** Several processes need a Qdrant, and time. */
    private List<Report.Workers> workers(Path folder, Path model, List<byte[]> pictures) throws Exception {
        if (quick || System.nanoTime() - begun > WORKERS_BEGIN.toNanos()) {
            return List.of();
        }
        Optional<QdrantHost> found = findQdrant(folder);
        if (found.isEmpty()) {
            return List.of();
        }
        say("1, 2 and 4 worker processes");
        try (QdrantHost host = found.get()) {
            return new WorkersBench(plan, home, folder, model, Upload.of(pictures)).run(host.settings());
        }
    }

    private static Optional<QdrantHost> findQdrant(Path folder) throws InterruptedException {
        return QdrantHost.find(System.getenv("VITRINE_QDRANT_URL"), System.getenv("VITRINE_QDRANT_API_KEY"), folder);
    }

    private List<Report.IndexSearch> lucene(Path folder) throws InterruptedException {
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, null, folder, IndexSettings.DEFAULT_DEADLINE);
        try (ProductIndex index = ProductIndex.open(settings, SearchBench.SPACE)) {
            return new SearchBench(vectors, plan, stopAt(LUCENE_ENDS))
                    .run(index, plan.points(), () -> SearchBench.awaitIdle(SETTLES));
        }
    }

    private Optional<Report.IndexSearch> qdrant(Path folder) throws InterruptedException {
        Optional<QdrantHost> found = findQdrant(folder);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        say("Search in Qdrant");
        int[] points = {plan.points()[plan.points().length - 1]};
        try (QdrantHost host = found.get();
                ProductIndex index = ProductIndex.open(host.settings(), SearchBench.SPACE)) {
            return Optional.of(new SearchBench(vectors, plan, stopAt(QDRANT_ENDS))
                    .run(index, points, () -> host.awaitIndexed(SETTLES))
                    .get(0));
        }
    }

    /** When an index gets no more points, though it shall have some to be searched, or the run would take too long. */
    private long stopAt(Duration sinceBegin) {
        return Math.max(begun + sinceBegin.toNanos(), System.nanoTime() + AT_LEAST.toNanos());
    }

    private void print(Report report, Path reports) {
        out.println();
        out.println("  " + report.machine());
        out.println();
        String row = "  %-40s %10s %10s %7s   %-24s %s%n";
        out.printf(row, "FIGURE", "MEASURED", "CEILING", "RATIO", "TARGET", "");
        for (Report.Line line : report.lines()) {
            out.printf(
                    row,
                    line.what(),
                    line.figure(),
                    line.ceiling(),
                    line.ratio(),
                    line.target(),
                    line.met() ? "met" : "missed");
        }
        out.println();
        report.notices().forEach(notice -> out.println("  " + notice));
        out.printf("  %.0f s; %s and report.json beside it%n", report.seconds(), reports.resolve("report.html"));
        out.flush();
    }

    private void say(String what) {
        out.printf("%4.0f s  %s ...%n", (System.nanoTime() - begun) / 1e9, what);
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
