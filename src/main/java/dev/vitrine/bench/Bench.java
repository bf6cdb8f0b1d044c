package dev.vitrine.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs every measurement, one after the other, prints a table and writes the reports. */
public final class Bench {
    private static final String MODEL = "vit-b32-cost.onnx";
    private static final int PICTURES = 32;

    private final Path home;
    private final boolean quick;
    private final PrintWriter out;
    private final Plan plan;
    private final long begun = System.nanoTime();

    /**
     * @param home the installation; reports go to {@code target/bench} in it
     * @param quick under a minute, and smaller, where it otherwise takes up to ten
     * @param out gets the progress and the table
     */
    public Bench(Path home, boolean quick, PrintWriter out) {
        this.home = home;
        this.quick = quick;
        this.out = out;
        this.plan = quick ? Plan.quick() : Plan.full();
    }

    /**
     * Runs the benchmark.
     *
     * @return where the reports are
     * @throws BenchException when something that is measured does not work
     */
    public Path run() throws Exception {
        Path reports = Files.createDirectories(home.resolve("target/bench"));
        Path work = Files.createTempDirectory(reports, "work-");
        try {
            Report report = measure(work);
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            json.writeValue(reports.resolve("report.json").toFile(), report);
            Files.writeString(reports.resolve("report.html"), new HtmlReport(report).html());
            print(report, reports);
            return reports;
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
        Path model = work.resolve(MODEL);
        try (InputStream in = Bench.class.getResourceAsStream(MODEL)) {
            Files.copy(in, model);
        }
        byte[] upload = Upload.of(pictures).next();

        say("Start and idle memory");
        StartBench.Result started = new StartBench(plan, home, work, upload).run();

        Report.Throughput throughput;
        Report.Accept accept;
        double busy;
        double api;
        try (ServiceProcess saturated = ServiceProcess.start(home, work.resolve("all"), model.toString(), "all")) {
            saturated.await(upload, 202);
            say("Throughput, taking turns with the bare loop");
            try (BareLoop loop = new BareLoop(model, files, Machine.cores())) {
                throughput = new ThroughputBench(plan, loop, saturated, Upload.of(pictures)).run();
            }
            busy = saturated.residentMegabytes().orElse(Double.NaN);
            say("Acceptance while the workers are busy, then without workers");
            try (ServiceProcess idle = ServiceProcess.start(home, work.resolve("api"), "vitrine-mini", "api")) {
                idle.await(upload, 202);
                accept = new AcceptanceBench(plan).run(saturated, idle, pictures);
                api = idle.residentMegabytes().orElse(Double.NaN);
            }
        }

        say("Queue and index as they grow");
        List<Report.QueueLength> queue = new QueueBench(plan.waiting(), work.resolve("queue")).run();
        List<Report.IndexSize> index = new SearchBench(plan.points(), work.resolve("index")).run();
        Report.IndexSize last = index.get(index.size() - 1);
        return new Report(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Machine.describe(),
                quick,
                (System.nanoTime() - begun) / 1e9,
                Math.max(Math.max(throughput.noise(), accept.noise()), Math.max(started.noise(), last.noise())),
                throughput,
                accept,
                new Report.Search(last.points(), last.p50(), last.p99(), last.recall()),
                new Report.Start(started.millis(), started.noise()),
                new Report.Memory(started.megabytes(), started.redisMegabytes(), busy, api),
                new Report.Growth(queue, index));
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
        if (report.noise() > Noise.TOO_MUCH) {
            out.printf(
                    "  Noisy machine: other programs took up to %.0f %% of the processors; run it again when they rest.%n",
                    report.noise() * 100);
        }
        if (report.quick()) {
            out.println("  Short measurements and a small index; for figures to rely on leave out --quick.");
        }
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
