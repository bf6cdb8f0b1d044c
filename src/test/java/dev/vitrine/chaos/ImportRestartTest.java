package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import that a service works on goes on when the service was killed, and sends nothing twice. */
@Tag("slow")
class ImportRestartTest {
    private static final int PICTURES = 150;
    private static final int KILLS = 5;

    @TempDir
    private Path folder;

    @Test
    void killsOfTheServiceLeaveNoTrace() throws Exception {
        Random random = new Random(KILLS);
        try (PictureServer shop = new PictureServer();
                ServiceProcess service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(folder.resolve("data"), Map.of("VITRINE_FETCH_HOSTS", shop.host())),
                        folder.resolve("service.log"))) {
            service.launch().awaitReady();
            HttpApi api = new HttpApi(service.url());
            String id = api.postForm(
                            "/imports", new MultipartBody().file("catalogue_file", "shop.csv", catalogue(shop)))
                    .text("import_id");
            for (int kill = 0; kill < KILLS; kill++) {
                int until = shop.requests() + 5 + random.nextInt(15);
                Awaitility.await("something to kill")
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> shop.requests() >= until);
                service.kill();
                service.launch().awaitReady();
            }
            Awaitility.await("the import's end")
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> api.get("/imports/" + id).text("status").equals("completed"));

            JsonNode counts = api.get("/imports/" + id).body().path("counts");
            assertThat(counts.path("failed").asInt()).as(service.log()).isZero();
            List<String> products =
                    api.get("/products?limit=1000").body().path("products").findValuesAsText("product_id");
            assertThat(new HashSet<>(products)).hasSize(PICTURES);
            List<String> jobs = api.get("/jobs?limit=1000").body().path("jobs").findValuesAsText("product_id");
            assertThat(jobs)
                    .as("no picture is sent twice")
                    .doesNotHaveDuplicates()
                    .hasSize(PICTURES);
        }
    }

    private static byte[] catalogue(PictureServer shop) {
        StringBuilder table = new StringBuilder("product_id,name,image\n");
        for (int i = 0; i < PICTURES; i++) {
            byte[] content = Pictures.jpeg(i);
            String url = shop.put("/" + i + ".jpg", request -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                request.sendResponseHeaders(200, content.length);
                request.getResponseBody().write(content);
            });
            table.append("p-%d,Product %d,%s\n".formatted(i, i, url));
        }
        return table.toString().getBytes(StandardCharsets.UTF_8);
    }
}
