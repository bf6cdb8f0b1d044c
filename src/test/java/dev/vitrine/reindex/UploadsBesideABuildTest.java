package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.reindex.ModelState.Phase;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many uploads are indexed in a second with a build beside them and without. Short turns with and without alternate, so
 * that whatever else the machine does meets both alike.
 */
@Tag("slow")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class UploadsBesideABuildTest {
    private static final String MINI = "vitrine-mini";
    private static final int PRODUCTS = 4_000;
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 10;
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration TURN = Duration.ofSeconds(6);

    @TempDir
    private Path folder;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger indexed = new AtomicInteger();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private RunningVitrine service;

    @Test
    void aTenthAtMostIsLostToABuild() throws Exception {
        service = RunningVitrine.start(
                folder.resolve("data"),
                Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString(), "VITRINE_THUMBNAILS", "off"));
        try {
            List<Thread> clients = clients(() -> sent.get() < PRODUCTS);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(service.api().post("/reindex?model=" + MINI).status()).isEqualTo(200);
            compare();
        } finally {
            goesOn.set(false);
            service.close();
        }
    }

    private void compare() throws Exception {
        List<Thread> clients = clients(goesOn::get);
        double with = 0;
        double without = 0;
        long embedded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            boolean buildsFirst = round % 2 == 0;
            for (boolean builds : List.of(buildsFirst, !buildsFirst)) {
                goTo(builds ? Phase.FILLING : Phase.KEPT);
                TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
                long before = embedded();
                double rate = turn();
                with += builds ? rate : 0;
                without += builds ? 0 : rate;
                embedded += builds ? embedded() - before : 0;
            }
        }
        goesOn.set(false);
        for (Thread client : clients) {
            client.join();
        }
        System.out.printf(
                "Uploads indexed in a second: %.1f beside a build, %.1f without (%.1f %%); the build embedded %.1f a second%n",
                with / ROUNDS, without / ROUNDS, 100 * with / without, embedded / (ROUNDS * (double) TURN.toSeconds()));
        assertThat(faults).isEmpty();
        assertThat(new StateFile(folder.resolve("data")).read().phase())
                .as("the build was still going on")
                .isIn(Phase.FILLING, Phase.KEPT);
        assertThat(embedded).as("the build got on").isPositive();
        assertThat(with).isGreaterThan(0.9 * without);
    }

    /** Between two turns the builder has nothing to do, as after a switch. */
    private void goTo(Phase phase) {
        new StateFile(folder.resolve("data")).update(state -> state.in(phase));
    }

    private double turn() throws InterruptedException {
        int before = indexed.get();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(TURN.toMillis());
        return (indexed.get() - before) * 1e9 / (System.nanoTime() - start);
    }

    private long embedded() {
        return service.api().get("/reindex").body().path("embedded").asLong();
    }

    private List<Thread> clients(BooleanSupplier isWanted) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> {
                HttpApi api = service.api().with("Prefer", "wait=30");
                while (isWanted.getAsBoolean()) {
                    upload(api, sent.incrementAndGet());
                }
            });
            client.start();
            clients.add(client);
        }
        return clients;
    }

    /** Returns when it is indexed. */
    private void upload(HttpApi api, int n) {
        try {
            Answer answer = api.upload("p" + n, Pictures.jpeg(n));
            if (answer.status() >= 300) {
                faults.add(answer.status() + " " + answer.response().body());
            } else if (!answer.text("status").equals("completed")) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> service.api()
                        .get("/jobs/" + answer.text("job_id"))
                        .text("status")
                        .equals("completed"));
            }
            indexed.incrementAndGet();
        } catch (RuntimeException | Error e) {
            faults.add(e.toString());
        }
    }
}
