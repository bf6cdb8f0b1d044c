package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/nightly-csv.camel.yaml against the JDK's HTTP server, with a night a second. */
class NightlyCsvTest {
    @TempDir
    private Path folder;

    private final AtomicInteger nights = new AtomicInteger();
    private PictureServer shop;
    private Site site;
    private volatile String rows = "";

    @BeforeEach
    void startServer() {
        shop = new PictureServer();
        String feed = shop.put("/feed.csv", request -> {
            byte[] csv = ("\uFEFFproduct_id,name,picture_url,metadata\r\n" + rows).getBytes(StandardCharsets.UTF_8);
            request.sendResponseHeaders(200, csv.length);
            request.getResponseBody().write(csv);
            nights.incrementAndGet();
        });
        site = new Site(folder)
                .example("nightly-csv")
                .property("shop.feed.url", feed)
                .property("shop.feed.cron", "* * * * * ?")
                .property("shop.feed.patience", 50)
                .environment("VITRINE_FETCH_HOSTS", shop.host());
    }

    @AfterEach
    void stopServer() {
        shop.close();
    }

    private void awaitNights(int more) {
        int then = nights.get() + more;
        await().atMost(Duration.ofSeconds(20)).until(() -> nights.get() >= then);
    }

    private static void awaitJobs(RunningVitrine service, String... jobs) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Site.jobs(service).equals(List.of(jobs)));
    }

    @Test
    void takesWhatIsNewOrHasChangedAndPassesOverBadRows() {
        shop.put("/page.jpg", "<html>".getBytes(StandardCharsets.UTF_8));
        String mug =
                "mug-1,\"Mug, größer\"," + shop.put("/mug.jpg", Pictures.jpeg(1)) + ",\"{\"\"price\"\":12.5}\"\r\n";
        String bad = "mug-2,Mug," + shop.url("/page.jpg") + ",\r\nmug-3,Mug," + shop.url("/missing.jpg")
                + ",\r\nmug-4,Mug,file:///etc/passwd,\r\n,,,\r\n";
        rows = mug + bad + "hat-1,Hat," + shop.put("/hat.jpg", Pictures.jpeg(2)) + ",\r\n";
        try (RunningVitrine service = site.start()) {
            awaitJobs(service, "hat-1 completed", "mug-1 completed");
            String product = service.api().get("/products/mug-1").body().toString();
            assertThat(product).contains("Mug, größer").contains("12.5");

            shop.put("/missing.jpg", Pictures.jpeg(3));
            awaitJobs(service, "hat-1 completed", "mug-1 completed", "mug-3 completed");
            awaitNights(3);
            assertThat(Site.jobs(service)).hasSize(3);

            rows = mug.replace("12.5", "13") + bad;
            awaitJobs(service, "hat-1 completed", "mug-1 completed", "mug-1 completed", "mug-3 completed");
            await().until(() -> service.keptFiles().isEmpty());
        }
    }

    @Test
    void waitsAtARowWhileNothingCanBeTaken() {
        rows = "mug-1,Mug," + shop.put("/mug.jpg", Pictures.jpeg(1)) + ",\r\n";
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "900000000GB").start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> nights.get() == 1); // it may have begun with the service
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(nights).hasValue(1);
        }
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "1MB").start()) {
            awaitJobs(service, "mug-1 completed");
        }
    }
}
