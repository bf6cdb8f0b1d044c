package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import that is killed goes on where it was, and the index ends as if nothing had happened. */
class ImportKillTest {
    private static final List<String> HEAP = List.of("-Xmx256m");

    @TempDir
    private Path folder;

    @Test
    void twoKillsLeaveNoTrace() throws Exception {
        leaveNoTrace(2, 30);
    }

    @Test
    @Tag("slow")
    void twentyKillsLeaveNoTrace() throws Exception {
        leaveNoTrace(20, 300);
    }

    private void leaveNoTrace(int kills, int pictures) throws Exception {
        try (PictureServer shop = new PictureServer();
                RunningVitrine service = RunningVitrine.start(folder.resolve("data"), Map.of())) {
            Path catalogue = catalogue(shop, pictures);
            List<String> arguments = List.of(
                    catalogue.toString(),
                    "--against",
                    service.settings().http().url(),
                    "--state",
                    folder.resolve("state").toString(),
                    "--fetch-hosts",
                    shop.host());
            Random random = new Random(kills);
            for (int kill = 0; kill < kills; kill++) {
                int until = shop.requests() + 1 + random.nextInt(Math.max(1, pictures / kills));
                try (ImportProcess process = new ImportProcess(folder, HEAP, arguments)) {
                    Awaitility.await("something to kill")
                            .atMost(Duration.ofSeconds(120))
                            .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                            .until(() -> shop.requests() >= until || !process.isAlive());
                    process.kill();
                }
            }
            try (ImportProcess process = new ImportProcess(folder, HEAP, arguments)) {
                assertThat(process.await(300)).as(process.log()).isZero();
            }

            assertThat(products(service, pictures)).isEqualTo(expected(pictures));
            Set<String> jobs = new HashSet<>(
                    service.api().get("/jobs?limit=1000").body().path("jobs").findValuesAsText("job_id"));
            assertThat(jobs).as("no picture is indexed twice").hasSize(pictures);
        }
    }

    private Path catalogue(PictureServer shop, int pictures) throws IOException {
        StringBuilder table = new StringBuilder("product_id,name,image,n\n");
        for (int i = 0; i < pictures; i++) {
            byte[] content = Pictures.jpeg(i);
            String url = shop.put("/" + i + ".jpg", request -> {
                request.getResponseHeaders().add("ETag", "\"1\"");
                if ("\"1\"".equals(request.getRequestHeaders().getFirst("If-None-Match"))) {
                    request.sendResponseHeaders(304, -1);
                    return;
                }
                request.sendResponseHeaders(200, content.length);
                request.getResponseBody().write(content);
            });
            table.append("p-%d,Product %d,%s,%d\n".formatted(i, i, url, i));
        }
        return Files.writeString(folder.resolve("catalogue.csv"), table);
    }

    private static Map<String, String> expected(int pictures) {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < pictures; i++) {
            expected.put("p-" + i + " " + i + ".jpg", "Product " + i + " {\"n\":\"" + i + "\"}");
        }
        return expected;
    }

    private static Map<String, String> products(RunningVitrine service, int pictures) {
        Map<String, String> found = new TreeMap<>();
        for (int i = 0; i < pictures; i++) {
            JsonNode product = service.api().get("/products/p-" + i).body();
            for (JsonNode image : product.path("images")) {
                found.put(
                        product.path("product_id").asText() + " "
                                + image.path("image_id").asText(),
                        image.path("name").asText() + " " + image.path("metadata"));
            }
        }
        return found;
    }
}
