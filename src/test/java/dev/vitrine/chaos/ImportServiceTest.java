package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vitrine import} where no service runs. */
@Tag("slow")
class ImportServiceTest {
    private static final List<String> HEAP = List.of("-Xmx256m");
    private static final int PICTURES = 40;
    private static final Pattern SAID =
            Pattern.compile("Sent (\\d+) pictures, of which (\\d+) are indexed; .* (\\d+) unchanged; .* 0 failed");

    @TempDir
    private Path folder;

    @Test
    void aServiceIsStartedForTheImportAndCtrlCStopsBothInOrder() throws Exception {
        Map<String, String> environment = RunningVitrine.environment(folder.resolve("data"), Map.of());
        try (PictureServer shop = new PictureServer()) {
            List<String> arguments = List.of(catalogue(shop).toString(), "--fetch-hosts", shop.host());
            try (ImportProcess process = new ImportProcess(folder, environment, HEAP, arguments)) {
                Awaitility.await("something to interrupt")
                        .atMost(Duration.ofSeconds(60))
                        .failFast(() -> !process.isAlive())
                        .until(() -> shop.requests() >= 25);
                process.interrupt();

                assertThat(process.await(30)).as(process.log()).isEqualTo(130);
                assertThat(process.log().strip())
                        .endsWith("vitrine: Interrupted; the same command goes on where this one stopped");
            }
            assertThat(shop.requests()).isLessThan(PICTURES);

            try (ImportProcess process = new ImportProcess(folder, environment, HEAP, arguments)) {
                assertThat(process.await(60)).as(process.log()).isZero();
                Matcher said = SAID.matcher(process.log());
                assertThat(said.find()).as(process.log()).isTrue();
                assertThat(Integer.parseInt(said.group(1)))
                        .as("it goes on where the first one stopped")
                        .isLessThan(PICTURES);
                assertThat(Integer.parseInt(said.group(2)) + Integer.parseInt(said.group(3)))
                        .isEqualTo(PICTURES);
            }
        }
    }

    private Path catalogue(PictureServer shop) throws IOException {
        StringBuilder table = new StringBuilder("product_id,name,image\n");
        for (int i = 0; i < PICTURES; i++) {
            byte[] content = Pictures.jpeg(i);
            String url = shop.put("/" + i + ".jpg", request -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                request.sendResponseHeaders(200, content.length);
                request.getResponseBody().write(content);
            });
            table.append("p-%d,Product %d,%s\n".formatted(i, i, url));
        }
        return Files.writeString(folder.resolve("catalogue.csv"), table);
    }
}
