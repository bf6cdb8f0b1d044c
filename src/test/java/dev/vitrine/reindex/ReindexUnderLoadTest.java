package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything is embedded again while customers search and the shop uploads and deletes. */
class ReindexUnderLoadTest {
    private static final String MINI = "vitrine-mini";
    private static final int SEARCHES_A_SECOND = 20;
    private static final int UPLOADS_A_SECOND = 5;
    private static final int DELETE_EVERY = 10;

    @TempDir
    private Path folder;

    private RunningVitrine service;

    /** What each product must look like in the end: the seed of its picture, and the job that brought it. */
    private final Map<String, Integer> seeds = new ConcurrentHashMap<>();

    private final Queue<String> jobs = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Long> searchMillis = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger searches = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();

    @Test
    void noRequestFailsAndNothingIsLostOrOld() throws Exception {
        run(300, Duration.ofSeconds(90));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void norWithTenThousandProducts() throws Exception {
        run(10_000, Duration.ofHours(3));
    }

    private void run(int products, Duration limit) throws Exception {
        Map<String, String> environment =
                Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString(), "VITRINE_THUMBNAILS", "off");
        service = RunningVitrine.start(folder.resolve("data"), environment);
        try {
            fill(products);
            ScheduledExecutorService clients = Executors.newScheduledThreadPool(16);
            long start = System.nanoTime();
            try {
                clients.scheduleAtFixedRate(
                        () -> tried(this::search), 0, 1_000_000 / SEARCHES_A_SECOND, TimeUnit.MICROSECONDS);
                clients.scheduleAtFixedRate(
                        () -> tried(() -> upload(products)), 0, 1_000_000 / UPLOADS_A_SECOND, TimeUnit.MICROSECONDS);
                assertThat(service.api().post("/reindex?model=" + MINI).status())
                        .isEqualTo(200);
                Awaitility.await("the new model serves")
                        .atMost(limit)
                        .pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() -> assertThat(
                                        service.api().get("/reindex").body().toString())
                                .contains("\"phase\":\"kept\""));
            } finally {
                clients.shutdown();
                clients.awaitTermination(60, TimeUnit.SECONDS);
            }
            report(products, start);
            assertThat(faults).isEmpty();
            for (String job : jobs) {
                service.awaitStatus(job, "completed");
            }
            everythingIsThereAsItWasSentLast();
        } finally {
            service.close();
        }
    }

    private void fill(int products) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < products; i++) {
            int seed = i;
            all.add(clients.submit(() -> upload("p" + seed, seed)));
        }
        for (Future<?> one : all) {
            one.get();
        }
        clients.shutdown();
        Awaitility.await("filled")
                .atMost(Duration.ofHours(1))
                .until(() ->
                        service.api().get("/stats").body().at("/index/points").asInt() == products);
        jobs.clear();
    }

    private void upload(String productId, int seed) {
        Answer answer = service.api().upload(productId, Pictures.jpeg(seed));
        if (answer.status() != 202) {
            faults.add("upload: " + answer.status() + " " + answer.response().body());
            return;
        }
        jobs.add(answer.text("job_id"));
        seeds.put(productId, seed);
    }

    /** A new product, another picture of an old one, or an old product that goes. One client alone, so that the order is known. */
    private synchronized void upload(int products) {
        int n = uploads.incrementAndGet();
        if (n % DELETE_EVERY == 0) {
            String id = "p" + n % products;
            if (seeds.remove(id) != null) {
                int status = service.api().delete("/products/" + id).status();
                if (status != 200) {
                    faults.add("delete: " + status);
                }
            }
        } else {
            upload(n % 2 == 0 ? "new" + n : "p" + (n * 7 + 3) % products, 1_000_000 + n);
        }
    }

    private void search() {
        int n = searches.incrementAndGet();
        Answer answer = service.api().searchByPicture(Pictures.jpeg(n % 50));
        searchMillis.add(answer.millis());
        JsonNode best = answer.body().at("/results/0");
        String model = answer.text("model");
        if (answer.status() != 200 || !List.of("tiny-clip", MINI).contains(model) || best.isMissingNode()) {
            faults.add("search: " + answer.status() + " " + answer.response().body());
        }
    }

    private void tried(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException | Error e) {
            faults.add(e.toString());
        }
    }

    private void everythingIsThereAsItWasSentLast() {
        assertThat(service.api().get("/stats").body().at("/index/points").asInt())
                .isEqualTo(seeds.size());
        int looked = 0;
        for (Map.Entry<String, Integer> sent : seeds.entrySet()) {
            JsonNode picture =
                    service.api().get("/products/" + sent.getKey()).body().at("/images/0");
            assertThat(picture.path("model").asText()).as(sent.getKey()).isEqualTo(MINI);
            if (sent.getValue() >= 1_000_000 && looked++ < 200) {
                JsonNode best = service.api()
                        .searchByPicture(Pictures.jpeg(sent.getValue()))
                        .body()
                        .at("/results/0");
                assertThat(best.path("product_id").asText()).isEqualTo(sent.getKey());
                assertThat(best.path("score").asDouble()).isGreaterThan(0.999);
            }
        }
    }

    private void report(int products, long start) {
        List<Long> sorted = new ArrayList<>(searchMillis);
        Collections.sort(sorted);
        System.out.printf(
                "Reindexed %d products in %d s beside %d searches (p50 %d ms, p99 %d ms, longest %d ms) and %d uploads%n",
                products,
                (System.nanoTime() - start) / 1_000_000_000,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1),
                uploads.get());
    }
}
