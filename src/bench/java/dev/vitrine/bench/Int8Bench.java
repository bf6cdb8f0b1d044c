package dev.vitrine.bench;

import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.quantize.ModelQuantizer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Products a second with a model of ViT-B/32's cost, and with its int8 copy: the model, the copy, the model again. */
final class Int8Bench {
    private static final int PICTURES = 32;

    private final Plan plan;
    private final Path home;
    private final Path work;
    private final PrintWriter out;

    Int8Bench(Plan plan, Path home, Path work, PrintWriter out) {
        this.plan = plan;
        this.home = home;
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        List<byte[]> pictures = Pictures.draw(PICTURES);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            files.add(Files.write(work.resolve("picture-" + i + ".jpg"), pictures.get(i)));
        }
        Path model = CostModel.in(home.resolve("target/bench"));
        Path copy = work.resolve("int8");
        ModelQuantizer.quantize(ModelFolder.open(model), copy);
        Path int8 = copy.resolve("onnx/vision_model.onnx");

        out.printf("%n  %-8s %12s %12s %8s %18s%n", "MODEL", "PRODUCTS/S", "BARE LOOP", "RATIO", "PROCESSOR MS EACH");
        double before = measure("fp32", model, pictures, files);
        double quantized = measure("int8", int8, pictures, files);
        double after = measure("fp32", model, pictures, files);
        out.printf(
                Locale.ROOT,
                "%n  int8 indexes %.2f times as many products a second (target 2.2)%n",
                2 * quantized / (before + after));
        out.flush();
    }

    private double measure(String name, Path model, List<byte[]> pictures, List<Path> files) throws Exception {
        Path data = Files.createTempDirectory(work, name);
        try (ServiceProcess service = ServiceProcess.start(home, data, model.toString(), "all");
                BareLoop loop = new BareLoop(model, files, Machine.cores())) {
            Upload uploads = Upload.of(pictures);
            service.await(uploads.next(), 202);
            Report.Throughput t = new ThroughputBench(plan, loop, service, uploads).run();
            out.printf(
                    Locale.ROOT,
                    "  %-8s %12.1f %12.1f %8.2f %18.1f%n",
                    name,
                    t.perSecond(),
                    t.ceiling(),
                    t.perSecond() / t.ceiling(),
                    t.cpuMillis());
            out.flush();
            return t.perSecond();
        }
    }
}
