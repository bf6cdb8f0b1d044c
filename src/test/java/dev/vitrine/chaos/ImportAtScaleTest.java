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
                assertThat(last(process.log()))
                        .as(process.log())
                        .contains("of which " + (ROWS - ROWS / 100) + " are indexed")
                        .contains("; " + ROWS / 100 + " failed");
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
        try (PictureServer shop = new PictureServer();
                RunningVitrine service = RunningVitrine.start(folder.resolve("data"), Map.of())) {
            Path catalogue = folder.resolve("large.csv");
            int shown = 0;
            long rows = 0;
            String html = "\"<p>Text, with <b>words</b>\nand lines</p>" + "<li>More &amp; more</li>".repeat(400) + "\"";
            try (BufferedWriter table = Files.newBufferedWriter(catalogue)) {
                table.write("Handle,Title,Body (HTML),Image Src,Image Position,Status\n");
                for (long bytes = 0; bytes < BYTES; bytes += html.length() + 60, rows++) {
                    boolean isShown = rows % 10_000 == 0;
                    String url = shop.url("/" + rows + ".jpg");
                    if (isShown) {
                        shop.put("/" + rows + ".jpg", Pictures.jpeg((int) rows));
                        shown++;
                    }
                    table.write("p-%d,Product %d,%s,%s,1,%s\n"
                            .formatted(rows, rows, html, url, isShown ? "active" : "draft"));
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
                assertThat(process.await(3_600)).as(process.log()).isZero();
                System.out.printf(
                        "%d MB, %d rows in %.0f s with a heap of 256 MB, %d MB resident at most: %s%n",
                        Files.size(catalogue) >> 20,
                        rows,
                        (System.nanoTime() - began) / 1e9,
                        process.largestMegabytes(),
                        last(process.log()));
                assertThat(process.log())
                        .contains("of which " + shown + " are indexed")
                        .contains((rows - shown) + " hidden")
                        .contains(" 0 failed");
            }
        }
    }

    private static String last(String log) {
        return log.strip().lines().filter(line -> line.startsWith("Sent ")).reduce("", (a, b) -> b);
    }
}
