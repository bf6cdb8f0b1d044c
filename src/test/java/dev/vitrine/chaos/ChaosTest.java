package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.chaos.TcpProxy.Mode;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Kills, pauses and cuts off everything there is while a shop uploads, then checks that nothing that was accepted is lost.
 * {@code -Dchaos.seed=} repeats the choices of a run; their exact moments depend on the machine.
 */
@Tag("chaos")
class ChaosTest {
    private static final int UPLOADS = Integer.getInteger("chaos.uploads", 2_000);
    private static final int PRODUCTS = 500;
    private static final int POISON = 5;
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);

    /** Grows with pools that fill up under load; more would be a leak. */
    private static final int MOST_GROWTH = 80;

    private static final Set<String> KEPT_KEYS =
            Set.of("jobs", "leases", "later", "dead", "recent", "counts", "workers");

    private enum Fault {
        KILL_WORKER,
        KILL_API,
        KILL_REDIS,
        KILL_QDRANT,
        PAUSE_WORKER,
        CUT_REDIS,
        HANG_REDIS,
        SLOW_REDIS,
        CUT_QDRANT,
        HANG_QDRANT,
        SLOW_QDRANT
    }

    private static final List<Fault> FOREIGN_SERVERS = List.of(
            Fault.KILL_WORKER,
            Fault.KILL_WORKER,
            Fault.KILL_WORKER,
            Fault.KILL_API,
            Fault.KILL_API,
            Fault.KILL_REDIS,
            Fault.KILL_REDIS,
            Fault.KILL_QDRANT,
            Fault.PAUSE_WORKER,
            Fault.CUT_REDIS,
            Fault.HANG_REDIS,
            Fault.SLOW_REDIS,
            Fault.CUT_QDRANT,
            Fault.HANG_QDRANT,
            Fault.SLOW_QDRANT);

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Map<String, Integer> done = new TreeMap<>();
    private final Map<ServiceProcess, int[]> early = new LinkedHashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec"})
    void losesNothingWithServersOfTheSite(String fsync) throws Exception {
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), fsync).start();
                QdrantServer qdrant = QdrantServer.startNew(Map.of());
                TcpProxy toRedis = new TcpProxy(redis.port());
                TcpProxy toQdrant = new TcpProxy(port(qdrant.grpcUrl()));
                Fleet fleet = new Fleet(
                        folder,
                        Map.of(
                                "VITRINE_REDIS_URL", "redis://127.0.0.1:" + toRedis.port(),
                                "VITRINE_QDRANT_URL", "http://127.0.0.1:" + toQdrant.port(),
                                "VITRINE_WORKERS", "1"))) {
            fleet.add("api", "--role", "api");
            fleet.add("worker-1", "--role", "worker");
            fleet.add("worker-2", "--role", "worker");
            fleet.awaitReady();
            Random random = new Random(SEED);
            List<Fault> faults = new ArrayList<>(FOREIGN_SERVERS);
            Collections.shuffle(faults, random);

            Shop shop = sendDuring(fleet, () -> {
                for (Fault fault : faults) {
                    apply(fault, random, fleet, redis, qdrant, toRedis, toQdrant);
                }
            });

            verify("appendfsync " + fsync, shop, fleet, redis);
        }
    }

    @Test
    void losesNothingWithEverythingEmbedded() throws Exception {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_WORKERS", "1"))) {
            fleet.add("api");
            fleet.awaitReady();
            Random random = new Random(SEED);

            Shop shop = sendDuring(fleet, () -> {
                for (int i = 0; i < 4; i++) {
                    pause(random, 4_000, 7_000);
                    kill(fleet, "api", "service");
                    fleet.awaitReady("api");
                    pause(random, 1_000, 2_000);
                    killEmbeddedRedis(fleet);
                }
            });

            verify("everything embedded", shop, fleet, null);
        }
    }

    private interface Faults {
        void run() throws Exception;
    }

    private Shop sendDuring(Fleet fleet, Faults faults) throws Exception {
        Shop shop = new Shop(fleet.get("api").url(), SEED, PRODUCTS);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread breaker = new Thread(() -> {
            try {
                faults.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        breaker.start();
        shop.send(UPLOADS, () -> !breaker.isAlive());
        breaker.join();
        if (failure.get() != null) {
            throw new AssertionError("A fault could not be made; seed " + SEED, failure.get());
        }
        return shop;
    }

    private void apply(
            Fault fault,
            Random random,
            Fleet fleet,
            RedisServer redis,
            QdrantServer qdrant,
            TcpProxy toRedis,
            TcpProxy toQdrant)
            throws Exception {
        pause(random, 300, 1_500);
        String worker = random.nextBoolean() ? "worker-1" : "worker-2";
        switch (fault) {
            case KILL_WORKER -> kill(fleet, worker, "worker");
            case KILL_API -> kill(fleet, "api", "api");
            case KILL_REDIS -> {
                count("kill redis");
                redis.kill();
                pause(random, 200, 2_500);
                redis.start();
            }
            case KILL_QDRANT -> {
                count("kill qdrant");
                qdrant.kill();
                pause(random, 200, 2_500);
                qdrant.start();
            }
            case PAUSE_WORKER -> {
                count("pause worker");
                fleet.get(worker).pause();
                TimeUnit.MILLISECONDS.sleep(Fleet.LEASE_MS + 1_500);
                fleet.get(worker).resume();
            }
            default -> {
                count(fault.name().toLowerCase(Locale.ROOT).replace('_', ' '));
                TcpProxy proxy = fault.name().endsWith("REDIS") ? toRedis : toQdrant;
                proxy.mode(Mode.valueOf(fault.name().replaceAll("_.*", "")));
                pause(random, 500, 3_000);
                proxy.mode(Mode.PASS);
            }
        }
    }

    private void kill(Fleet fleet, String name, String what) {
        ServiceProcess process = fleet.get(name);
        if (process.isAlive()) {
            count("kill " + what);
            early.remove(process);
            process.kill();
        }
    }

    private void killEmbeddedRedis(Fleet fleet) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .orElse("")
                        .startsWith(fleet.data().toString()))
                .findFirst()
                .ifPresent(process -> {
                    count("kill redis");
                    process.destroyForcibly();
                });
    }

    private void verify(String title, Shop shop, Fleet fleet, RedisServer redis) throws Exception {
        fleet.awaitReady();
        fleet.names().forEach(name -> early.put(fleet.get(name), figures(fleet.get(name))));
        HttpApi api = new HttpApi(fleet.get("api").url());
        List<String> poison = sendPoison(api);

        long healed = System.nanoTime();
        await("the queue is empty; seed " + SEED)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    JsonNode jobs = api.get("/stats").body().path("jobs");
                    assertThat(jobs.path("queued").asInt(-1)).as("queued").isZero();
                    assertThat(jobs.path("processing").asInt(-1))
                            .as("processing")
                            .isZero();
                    assertThat(jobs.path("retrying").asInt(-1)).as("retrying").isZero();
                    assertThat(owed(fleet)).as("owed by the spool").isSubsetOf(poison);
                });
        long drained = (System.nanoTime() - healed) / 1_000_000;

        int completed = 0;
        int duplicates = 0;
        List<String> lost = new ArrayList<>();
        for (Upload upload : shop.all()) {
            if (upload.outcome() == Outcome.ACCEPTED) {
                JsonNode job = api.get("/jobs/" + upload.jobId()).body();
                if (job.path("status").asText().equals("completed")) {
                    completed++;
                    duplicates += job.path("attempts").asInt() - 1;
                } else {
                    lost.add(upload + " is " + job);
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        for (String product : shop.productIds()) {
            Answer found = api.get("/products/" + product);
            Set<String> possible = shop.possibleNames(product);
            JsonNode images = found.body().path("images");
            if (!possible.isEmpty()
                    && (images.size() != 1
                            || !possible.contains(images.path(0).path("name").asText()))) {
                wrong.add(product + " should be one of " + possible + " but is "
                        + found.response().body());
            }
        }
        report(title, shop, completed, duplicates, redelivered(redis), drained, lost.size(), wrong.size());

        assertThat(lost).as("accepted but not completed; seed " + SEED).isEmpty();
        assertThat(wrong)
                .as("products without their latest upload; seed " + SEED)
                .isEmpty();
        for (String id : poison) {
            JsonNode job = api.get("/jobs/" + id).body();
            assertThat(job.path("status").asText()).as("poison").isEqualTo("failed");
            assertThat(job.path("error").asText()).isNotBlank();
        }
        assertNothingIsLeft(fleet, poison);
        if (redis != null) {
            assertKeysExpire(redis);
        }
        early.forEach((process, before) -> {
            int[] now = figures(process);
            assertThat(now[0]).as("threads; seed " + SEED).isLessThan(before[0] + MOST_GROWTH);
            assertThat(now[1]).as("open files; seed " + SEED).isLessThan(before[1] + MOST_GROWTH);
        });
    }

    private List<String> sendPoison(HttpApi api) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < POISON; i++) {
            byte[] picture = Pictures.encode("png", i, 160, 120);
            int data = new String(picture, StandardCharsets.ISO_8859_1).indexOf("IDAT") + 4;
            for (int at = data; at < data + 200; at++) {
                picture[at] = (byte) (31 * at + i);
            }
            Answer answer = api.upload("poison-" + i, picture);
            if (answer.status() == 202) {
                ids.add(answer.text("job_id"));
            }
        }
        return ids;
    }

    private static List<String> owed(Fleet fleet) {
        return RunningVitrine.names(fleet.data().resolve("spool")).stream()
                .filter(name -> name.endsWith(".json") && !name.startsWith("."))
                .map(name -> name.replace(".json", ""))
                .toList();
    }

    /** Files that crashes left behind are removed once they are old; here they are made old. */
    private static void assertNothingIsLeft(Fleet fleet, List<String> poison) {
        List<Path> folders = List.of(fleet.data().resolve("spool"), fleet.data().resolve("uploads"));
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        for (Path place : folders) {
            try (Stream<Path> files = Files.list(place)) {
                for (Path file : files.toList()) {
                    Files.setLastModifiedTime(file, old);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        await("folders empty; seed " + SEED).atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(
                        folders.stream()
                                .flatMap(place -> RunningVitrine.names(place).stream())
                                .filter(name -> poison.stream().noneMatch(name::startsWith)))
                .isEmpty());
    }

    private static void assertKeysExpire(RedisServer redis) {
        await("keys without expiry; seed " + SEED)
                .atMost(Duration.ofSeconds(75))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    try (Jedis jedis = redis.connect()) {
                        List<String> kept = jedis.keys("*").stream()
                                .filter(key -> jedis.ttl(key) == -1)
                                .filter(key -> !KEPT_KEYS.contains(key.replace("{vitrine}:", "")))
                                .map(key -> key + " " + jedis.hgetAll(key))
                                .toList();
                        assertThat(kept).isEmpty();
                    }
                });
    }

    private static long redelivered(RedisServer redis) {
        if (redis == null) {
            return -1;
        }
        try (Jedis jedis = redis.connect()) {
            String count = jedis.hget("{vitrine}:counts", "redelivered");
            return count == null ? 0 : Long.parseLong(count);
        }
    }

    private void report(
            String title,
            Shop shop,
            int completed,
            int duplicates,
            long redelivered,
            long drained,
            int lost,
            int wrong) {
        Map<Outcome, Long> outcomes = shop.outcomes();
        StringBuilder table = new StringBuilder(String.format("%nChaos, %s, seed %d%n", title, SEED));
        row(table, "uploads sent", shop.count());
        row(table, "of products", shop.productIds().size());
        row(table, "accepted (202)", outcomes.get(Outcome.ACCEPTED));
        row(table, "indexed at once (200)", outcomes.get(Outcome.INDEXED));
        row(table, "refused (429, 5xx)", shop.refused());
        row(table, "no answer", outcomes.get(Outcome.UNKNOWN) - shop.refused() + outcomes.get(Outcome.LATE));
        row(table, "completed of the accepted", completed);
        if (redelivered >= 0) {
            row(table, "redelivered", redelivered);
        }
        row(table, "runs more than one a job", duplicates);
        row(table, "ms until all was done", drained);
        row(table, "lost", lost);
        row(table, "products not the latest", wrong);
        done.forEach((fault, times) -> row(table, fault, times));
        System.out.println(table);
    }

    private static void row(StringBuilder table, String what, long count) {
        table.append(String.format("  %-28s %6d%n", what, count));
    }

    private static int[] figures(ServiceProcess process) {
        return new int[] {process.threads(), process.openFiles()};
    }

    private synchronized void count(String fault) {
        done.merge(fault, 1, Integer::sum);
    }

    private static void pause(Random random, int from, int to) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(from + random.nextInt(to - from));
    }

    private static int port(String url) {
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }
}
