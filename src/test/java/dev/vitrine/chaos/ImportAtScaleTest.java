package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Catalogues of any length are imported in the same memory. Run with {@code -Dexcluded.groups=none}. */
@Tag("slow")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ImportAtScaleTest {
    private static final List<String> HEAP = List.of("-Xmx256m");
    private static final int ROWS = Integer.getInteger("import.rows", 50_000);
    private static final long BYTES = Long.getLong("import.bytes", 1L << 30);

    @TempDir
    private Path folder;

    @Test
    void manyRowsOfWhichOneInAHundredIsBad() throws Exception {
        byte[] picture = Pictures.encode("jpg", 1, 64, 64);
        try (PictureServer shop = new PictureServer();
                RunningVitrine service =
                        RunningVitrine.start(folder.resolve("data"), Map.of("VITRINE_THUMBNAILS", "off"))) {
            Path catalogue = folder.resolve("catalogue.csv");
            try (BufferedWriter table = Files.newBufferedWriter(catalogue)) {
                table.write("product_id,name,image\n");
                for (int i = 0; i < ROWS; i++) {
                    boolean isBad = i % 100 == 99;
                    String url = isBad ? shop.url("/gone/" + i + ".jpg") : shop.put("/" + i + ".jpg", picture);
                    table.write("p-" + i + ",Product " + i + "," + url + "\n");
                }
            }
            long began = System.nanoTime();
            try (ImportProcess process = new ImportProcess(
                    folder,
                    HEAP,
                    List.of(
                            catalogue.toString(),
                            "--against",
                            service.settings().http().url(),
                            "--state",
                            folder.resolve("state").toString(),
                            "--fetch-hosts",
                            shop.host()))) {
                assertThat(process.await(3_600)).as(process.log()).isEqualTo(1);
                System.out.printf(
                        "%d rows in %.0f s with a heap of 256 MB, %d MB resident at most: %s%n",
                        ROWS, (System.nanoTime() - began) / 1e9, process.largestMegabytes(), last(process.log()));
                assertThat(process.log()).contains((ROWS / 100) + " failed");
            }
            assertThat(service.api()
                            .get("/stats")
                            .body()
                            .path("index")
                            .path("points")
                            .asInt())
                    .isEqualTo(ROWS - ROWS / 100);
            assertThat(Files.readAllLines(folder.resolve("catalogue.csv-failed.csv")))
                    .hasSize(ROWS / 100 + 1);
        }
    }

    @Test
    void aFileThatIsLargerThanTheMemory() throws Exception {
        Path catalogue = folder.resolve("large.csv");
        String html = "\"<p>Text, with <b>words</b>\nand lines</p>" + "<li>More &amp; more</li>".repeat(400) + "\"";
        long rows = 0;
        try (BufferedWriter table = Files.newBufferedWriter(catalogue)) {
            table.write("product_id,name,image,description\n");
            for (long bytes = 0; bytes < BYTES; bytes += html.length() + 60) {
                table.write("p-" + rows + ",Product " + rows + ",https://shop.example/" + rows + ".jpg," + html + "\n");
                rows++;
            }
        }
        long began = System.nanoTime();
        try (ImportProcess process = new ImportProcess(
                folder,
                HEAP,
                List.of(
                        catalogue.toString(),
                        "--dry-run",
                        "--against",
                        "http://127.0.0.1:1",
                        "--state",
                        folder.resolve("state").toString()))) {
            assertThat(process.await(3_600)).as(process.log()).isZero();
            System.out.printf(
                    "%d MB read in %.0f s with a heap of 256 MB, %d MB resident at most%n",
                    Files.size(catalogue) >> 20, (System.nanoTime() - began) / 1e9, process.largestMegabytes());
            assertThat(process.log()).contains("Would send " + rows + " pictures");
        }
    }

    private static String last(String log) {
        return log.strip().lines().filter(line -> line.startsWith("Sent ")).reduce("", (a, b) -> b);
    }
}
