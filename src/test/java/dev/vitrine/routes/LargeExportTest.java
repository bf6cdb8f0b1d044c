package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.cli.CommandRun;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An export that is larger than the service's heap, taken and given out by either index. */
@Tag("slow")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LargeExportTest {
    private static final int HEAP_MEGABYTES = 96;
    private static final int POINTS = 60_000;
    private static final int DIMENSIONS = 512;
    private static final int RED_EVERY = 10;

    @TempDir
    private Path folder;

    @Test
    void anExportOfTheEmbeddedIndexIsLargerThanTheHeap() throws IOException {
        goesInAndOut(Map.of());
    }

    @Test
    void anExportOfQdrantIsLargerThanTheHeap() throws IOException {
        goesInAndOut(Map.of(
                "VITRINE_QDRANT_URL",
                QdrantServer.shared().grpcUrl(),
                "VITRINE_COLLECTION",
                "large-" + UUID.randomUUID(),
                "VITRINE_FILTER_FIELDS",
                "colour:keyword"));
    }

    private void goesInAndOut(Map<String, String> index) throws IOException {
        try (ServiceProcess service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(folder.resolve("data"), index),
                        folder.resolve("service.log"))
                .heap(HEAP_MEGABYTES)
                .launch()
                .awaitReady()) {
            String head = new HttpApi(service.url())
                    .get("/export")
                    .response()
                    .body()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            Path written = write(head);
            CommandRun taken = CommandRun.of("import", written.toString(), "--url", service.url());
            assertThat(taken.code()).as(taken.err()).isZero();

            Path all = export(service);
            assertThat(Files.size(all)).isGreaterThan(2L * HEAP_MEGABYTES * 1024 * 1024);
            assertThat(points(all)).isEqualTo(POINTS);
            Path red = export(service, "--filter", "{\"colour\":\"red\"}", "--no-vectors");
            assertThat(points(red)).isEqualTo(POINTS / RED_EVERY);
            try (Stream<String> lines = Files.lines(red)) {
                assertThat(lines.filter(line -> line.contains("product_id")))
                        .allSatisfy(line -> assertThat(line).contains("\"red\"").doesNotContain("vector\""));
            }
            assertThat(service.log()).doesNotContain("OutOfMemoryError");
            System.out.printf(
                    "%,d points, %d MB, through a heap of %d MB%n",
                    POINTS, Files.size(all) / 1_000_000, HEAP_MEGABYTES);
        }
    }

    private Path export(ServiceProcess service, String... options) {
        Path file = folder.resolve("export-" + options.length + ".jsonl");
        CommandRun run = CommandRun.of(
                Stream.concat(Stream.of("export", file.toString(), "--url", service.url()), Stream.of(options))
                        .toArray(String[]::new));
        assertThat(run.code()).as(run.err() + service.log()).isZero();
        return file;
    }

    private static long points(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count() - 2; // the first and the last say what it is and that it is whole
        }
    }

    private Path write(String head) throws IOException {
        Path file = folder.resolve("written.jsonl");
        Random random = new Random(1);
        ObjectMapper json = new ObjectMapper();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(head);
            out.newLine();
            for (int i = 0; i < POINTS; i++) {
                out.write(json.writeValueAsString(Map.of(
                        "product_id",
                        String.format(Locale.ROOT, "p%06d", i),
                        "image_id",
                        "main",
                        "name",
                        "Product " + i,
                        "indexed_at",
                        "2026-01-01T00:00:00Z",
                        "version",
                        1_000_000 + i,
                        "model",
                        "tiny-clip",
                        "metadata",
                        Map.of("colour", i % RED_EVERY == 0 ? "red" : "blue"),
                        "vector",
                        vector(random))));
                out.newLine();
            }
            out.write("{\"vitrine_export_end\":" + POINTS + "}");
            out.newLine();
        }
        return file;
    }

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSIONS];
        double sum = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            sum += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(sum);
        }
        return vector;
    }
}
