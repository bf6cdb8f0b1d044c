package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.clip.TinyClip;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.PostgresServer;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import dev.vitrine.testing.TcpProxy;
import dev.vitrine.testing.TcpProxy.Mode;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;
import redis.clients.jedis.Jedis;

/**
 * Kills, pauses, cuts off and fills up everything there is while a shop uploads, then checks that nothing that was
 * accepted is lost. {@code -Dchaos.seed=N} repeats the choices of a run, whose exact moments depend on the machine;
 * {@code -Dchaos.seeds=10} makes ten runs. The folder of a run that failed stays in {@code target/chaos}.
 */
@Tag("chaos")
class ChaosTest {
    private static final int UPLOADS = Integer.getInteger("chaos.uploads", 2_000);
    private static final int PRODUCTS = 500;
    private static final int DISK_MB = 128;

    /** Pools breathe a little; a leak in each request or outage would show as hundreds. */
    private static final int MOST_GROWTH = 20;

    private static final byte[] ENDLESS = Pictures.endlessJpeg();
    private static final int LOADS = 4;
    private static final int UPLOADS_A_LOAD = 100;

    private static final Set<String> KEPT_KEYS =
            Set.of("jobs", "leases", "later", "dead", "recent", "counts", "workers", "version");

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
        SLOW_QDRANT,
        FILL_DISK,
        KILL_POSTGRES
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
            Fault.SLOW_QDRANT,
            Fault.FILL_DISK,
            Fault.FILL_DISK,
            Fault.KILL_POSTGRES);

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Set<String> poison = ConcurrentHashMap.newKeySet();
    private Breakage breakage;

    static Stream<Arguments> servers() {
        return Stream.of("always", "everysec").flatMap(fsync -> seeds().mapToObj(seed -> Arguments.of(fsync, seed)));
    }

    static LongStream seeds() {
        return Breakage.seeds("chaos");
    }

    @ParameterizedTest(name = "appendfsync {0}, seed {1}")
    @MethodSource("servers")
    void losesNothingWithServersOfTheSite(String fsync, long seed) throws Exception {
        begin(seed);
        try (SmallDisk disk = disk();
                PostgresServer postgres = PostgresServer.startIfThere().orElse(null);
                RedisServer redis = new RedisServer(folder.resolve("redis"), fsync).start();
                QdrantServer qdrant = QdrantServer.startNew(Map.of());
                TcpProxy toRedis = new TcpProxy(redis.port());
                TcpProxy toQdrant = new TcpProxy(port(qdrant.grpcUrl()));
                Fleet fleet = new Fleet(
                        folder,
                        environment(Map.of(
                                "VITRINE_REDIS_URL", "redis://127.0.0.1:" + toRedis.port(),
                                "VITRINE_QDRANT_URL", "http://127.0.0.1:" + toQdrant.port(),
                                "VITRINE_HISTORY_URL", postgres == null ? "none" : postgres.url())))) {
            fleet.add("api", "--role", "api");
            fleet.add("worker-1", "--role", "worker");
            fleet.add("worker-2", "--role", "worker");
            fleet.awaitReady();
            List<Fault> faults = breakage.shuffled(FOREIGN_SERVERS);

            Shop shop = sendDuring(fleet, () -> {
                for (Fault fault : faults) {
                    apply(fault, disk, fleet, redis, qdrant, postgres, toRedis, toQdrant);
                    sendPoison(fleet);
                }
            });

            verify("appendfsync " + fsync, shop, fleet, redis);
            assertNothingGrows(fleet, () -> {
                toRedis.mode(Mode.CUT);
                TimeUnit.MILLISECONDS.sleep(300);
                toRedis.mode(Mode.PASS);
                toQdrant.mode(Mode.CUT);
                TimeUnit.MILLISECONDS.sleep(300);
                toQdrant.mode(Mode.PASS);
            });
            if (postgres != null) {
                new KeptHistory(postgres.url()).assertHasEach(completed(shop), poison, seed);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void losesNothingWithEverythingEmbedded(long seed) throws Exception {
        begin(seed);
        try (SmallDisk disk = disk();
                Fleet fleet = new Fleet(folder, environment(Map.of("VITRINE_HISTORY_URL", "embedded")))) {
            fleet.add("api");
            fleet.awaitReady();

            Shop shop = sendDuring(fleet, () -> {
                for (int i = 0; i < 4; i++) {
                    breakage.pause(3_000, 6_000);
                    kill(fleet, "api", "service");
                    fleet.awaitReady("api");
                    sendPoison(fleet);
                    breakage.pause(500, 1_500);
                    fill(disk);
                    breakage.pause(500, 1_500);
                    killEmbeddedRedis(fleet);
                }
            });

            verify("everything embedded", shop, fleet, null);
            assertNothingGrows(fleet, () -> {});
            await("all ends are in the history").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            RunningVitrine.names(fleet.data().resolve("history/outbox/0")))
                    .containsExactly("lock"));
            fleet.remove("api"); // an embedded database has one user
            new KeptHistory("jdbc:h2:file:" + fleet.data().resolve("history/history")
                            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE")
                    .assertHasEach(completed(shop), poison, seed);
        }
    }

    private static Set<String> completed(Shop shop) {
        return shop.all().stream()
                .filter(upload -> upload.outcome() == Outcome.ACCEPTED)
                .map(Upload::jobId)
                .collect(Collectors.toSet());
    }

    private void begin(long seed) throws IOException {
        breakage = new Breakage(seed);
        breakage.note(folder, "chaos", getClass());
    }

    /** The data folder's own disk; null where nothing can be mounted, and then it is not filled. */
    private SmallDisk disk() {
        try {
            return SmallDisk.mount(folder.resolve("data"), DISK_MB);
        } catch (TestAbortedException e) {
            return null;
        }
    }

    /** Some pictures are beyond this decoder's patience, and some beyond this model. */
    private Map<String, String> environment(Map<String, String> servers) throws IOException {
        Path model = TinyClip.copyTo(folder.resolve("model"));
        Files.copy(
                TinyClip.variant("vision_poisoned.onnx"),
                model.resolve("onnx/vision_model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        Map<String, String> environment = new HashMap<>(servers);
        environment.put("VITRINE_MODEL", model.toString());
        environment.put("VITRINE_DECODE_DEADLINE", "500ms");
        environment.put("VITRINE_WORKERS", "1");
        return environment;
    }

    private Shop sendDuring(Fleet fleet, Breakage.Plan faults) throws Exception {
        Shop shop = new Shop(fleet.get("api").url(), breakage.seed(), PRODUCTS);
        breakage.whileSending(shop, UPLOADS, faults);
        return shop;
    }

    private void apply(
            Fault fault,
            SmallDisk disk,
            Fleet fleet,
            RedisServer redis,
            QdrantServer qdrant,
            PostgresServer postgres,
            TcpProxy toRedis,
            TcpProxy toQdrant)
            throws Exception {
        breakage.pause(300, 1_500);
        String worker = breakage.random().nextBoolean() ? "worker-1" : "worker-2";
        switch (fault) {
            case KILL_WORKER -> kill(fleet, worker, "worker");
            case KILL_API -> kill(fleet, "api", "api");
            case KILL_REDIS -> {
                breakage.count("kill redis");
                redis.kill();
                breakage.pause(200, 2_500);
                redis.start();
            }
            case KILL_QDRANT -> {
                breakage.count("kill qdrant");
                qdrant.kill();
                breakage.pause(200, 2_500);
                qdrant.start();
            }
            case PAUSE_WORKER -> {
                breakage.count("pause worker");
                fleet.get(worker).pause();
                TimeUnit.MILLISECONDS.sleep(Fleet.LEASE_MS + 1_500);
                fleet.get(worker).resume();
            }
            case FILL_DISK -> fill(disk);
            case KILL_POSTGRES -> killPostgres(postgres);
            default -> {
                breakage.count(fault.name().toLowerCase(Locale.ROOT).replace('_', ' '));
                TcpProxy proxy = fault.name().endsWith("REDIS") ? toRedis : toQdrant;
                proxy.mode(Mode.valueOf(fault.name().replaceAll("_.*", "")));
                breakage.pause(500, 3_000);
                proxy.mode(Mode.PASS);
            }
        }
    }

    private void kill(Fleet fleet, String name, String what) {
        ServiceProcess process = fleet.get(name);
        if (process.isAlive()) {
            breakage.count("kill " + what);
            process.kill();
        }
    }

    private void fill(SmallDisk disk) throws InterruptedException {
        if (disk != null) {
            breakage.count("fill disk");
            disk.fill(4096L * breakage.random().nextInt(8));
            breakage.pause(500, 3_000);
            disk.empty();
            // What memory held of the history is written twice a second; a process that is killed before loses it.
            TimeUnit.MILLISECONDS.sleep(600);
        }
    }

    private void killPostgres(PostgresServer postgres) throws InterruptedException {
        if (postgres != null) {
            breakage.count("kill postgres");
            postgres.kill();
            breakage.pause(500, 3_000);
            postgres.up();
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
                    breakage.count("kill redis");
                    process.destroyForcibly();
                });
    }

    private void verify(String title, Shop shop, Fleet fleet, RedisServer redis) throws Exception {
        fleet.awaitReady();
        HttpApi api = new HttpApi(fleet.get("api").url());
        sendPoison(fleet);

        long drained = Verdict.awaitIdle(api, () -> owed(fleet), Duration.ofSeconds(90), breakage.seed());
        Verdict verdict = Verdict.of(shop, api);
        report(title, shop, verdict, redelivered(redis), drained);

        verdict.assertKept(breakage.seed());
        assertOnlyPoisonFailed(api);
        assertNothingIsLeft(fleet);
        if (redis != null) {
            assertKeysExpire(redis);
        }
    }

    private void assertOnlyPoisonFailed(HttpApi api) {
        JsonNode failed = api.get("/jobs?status=failed&limit=1000").body().path("jobs");
        assertThat(failed)
                .as("failed; seed " + breakage.seed())
                .allSatisfy(job -> assertThat(job.path("product_id").asText()).startsWith("poison-"));
        assertThat(failed)
                .as("failed; seed " + breakage.seed())
                .allSatisfy(job -> assertThat(job.path("error").asText()).isNotBlank());
        assertThat(failed.findValuesAsText("job_id"))
                .as("poison that was accepted; seed " + breakage.seed())
                .containsAll(poison);
        failed.findValuesAsText("job_id").forEach(poison::add);
    }

    /** Puts all under the same load several times; what each load leaves behind would add up. */
    private void assertNothingGrows(Fleet fleet, Breakage.Plan outages) throws Exception {
        Map<String, int[]> before = new LinkedHashMap<>();
        // One client for all loads: one a load would leave its idle connections behind.
        Shop shop = new Shop(fleet.get("api").url(), breakage.seed(), 50);
        for (int i = 0; i < LOADS; i++) {
            outages.run();
            fleet.awaitReady();
            shop.send((i + 1) * UPLOADS_A_LOAD, () -> true);
            if (i == 0) {
                fleet.names().forEach(name -> before.put(name, figures(fleet.get(name))));
            }
        }
        before.forEach((name, then) -> {
            int[] now = figures(fleet.get(name));
            System.out.printf(
                    "  %s: %d threads, then %d; %d open files, then %d%n", name, then[0], now[0], then[1], now[1]);
            assertThat(now[0]).as("threads of " + name).isPositive().isLessThan(then[0] + MOST_GROWTH);
            assertThat(now[1]).as("open files of " + name).isPositive().isLessThan(then[1] + MOST_GROWTH);
        });
    }

    /** One of each kind: damaged, endless to decode, and one that the model fails on. */
    private void sendPoison(Fleet fleet) {
        HttpApi api = new HttpApi(fleet.get("api").url());
        Map.of(
                        "damaged", Pictures.brokenPng(64, 64),
                        "endless", ENDLESS,
                        "black", Pictures.plain(Color.BLACK))
                .forEach((name, picture) -> {
                    try {
                        Answer answer = api.upload("poison-" + name, picture);
                        if (answer.status() == 202) {
                            poison.add(answer.text("job_id"));
                        }
                    } catch (UncheckedIOException e) {
                        breakage.count("poison without answer"); // it may show as failed and nobody knows its id
                    }
                });
    }

    /** What the spool owes, but for the poison, whose pictures are kept. */
    private static List<Path> owed(Fleet fleet) {
        return Leftovers.owed(fleet.data().resolve("spool")).stream()
                .filter(record -> !isOfPoison(record))
                .toList();
    }

    private static boolean isOfPoison(Path record) {
        try {
            return Files.readString(record).contains("\"poison-");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNothingIsLeft(Fleet fleet) {
        Leftovers.assertSwept(
                List.of(fleet.data().resolve("spool"), fleet.data().resolve("uploads")),
                name -> poison.stream().anyMatch(name::startsWith),
                breakage.seed());
        // Empty folders are swept by a start that comes later (UnpackedLibraryTest).
        try (Stream<Path> left = Files.walk(fleet.get("api").temporary())) {
            assertThat(left.filter(Files::isRegularFile))
                    .as("temporary files of killed processes; seed " + breakage.seed())
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertKeysExpire(RedisServer redis) {
        await("keys without expiry; seed " + breakage.seed())
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

    private void report(String title, Shop shop, Verdict verdict, long redelivered, long drained) {
        Table table = new Table("Chaos, " + title + ", seed " + breakage.seed())
                .answers(shop)
                .row("completed of the accepted", verdict.completed());
        if (redelivered >= 0) {
            table.row("redelivered", redelivered);
        }
        table.row("runs more than one a job", verdict.duplicates())
                .row("ms until all was done", drained)
                .row("lost", verdict.lost().size())
                .row("products not the latest", verdict.wrong().size())
                .faults(breakage)
                .print();
    }

    private static int[] figures(ServiceProcess process) {
        return new int[] {process.threads(), process.openFiles()};
    }

    private static int port(String url) {
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }
}
