package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.chaos.Breakage;
import dev.vitrine.chaos.Fleet;
import dev.vitrine.chaos.KeptFolder;
import dev.vitrine.chaos.Leftovers;
import dev.vitrine.chaos.Shop;
import dev.vitrine.chaos.Table;
import dev.vitrine.chaos.Verdict;
import dev.vitrine.cluster.Machine.Program;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A shop uploads to an installation of several hosts whose parts are killed, paused, cut off, slowed down and set to
 * another time; then everything it was promised is looked for. {@code -Dcluster.seed=N} repeats the choices of a run,
 * whose exact moments depend on the machine; {@code -Dcluster.seeds=10} makes ten runs; {@code
 * -Dcluster.uploads=2000} breaks every kind of machine in every way. The folder of a run that failed stays in {@code
 * target/cluster}.
 */
@Tag("cluster")
class ClusterTest {
    private static final int UPLOADS = Integer.getInteger("cluster.uploads", 640);
    private static final int PRODUCTS = 500;
    private static final int LONGEST_MS = 3_000;

    /** Longer than it takes from a picture in the spool to its record. */
    private static final Duration ORPHANED = Duration.ofMinutes(1);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    static final String COLLECTION = "products";
    private static final String KEY = "the-key-of-this-shop";

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Map<Host, Clock> clocks = new LinkedHashMap<>();

    static Stream<Arguments> runs() {
        return Breakage.seeds("cluster").boxed().flatMap(seed -> Topology.chosen()
                .map(topology -> Arguments.of(topology, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @MethodSource("runs")
    void keepsItsPromisesWhateverMachineFails(Topology topology, long seed) throws Exception {
        Breakage breakage = new Breakage(seed);
        breakage.note(folder, "cluster", getClass(), "-Dcluster.topology=" + topology, "-Dcluster.uploads=" + UPLOADS);
        Network network = Network.open();
        try (network;
                Servers servers = topology.start(network, folder);
                Fleet fleet = new Fleet(folder, environment(servers)).sweepingAfter(ORPHANED)) {
            List<Machine> services = List.of(
                    service(breakage, network, fleet, "api", "api-1", "api"),
                    service(breakage, network, fleet, "worker", "worker-1", "worker"),
                    service(breakage, network, fleet, "worker", "worker-2", "worker"),
                    service(breakage, network, fleet, "api", "worker-3", "all"));
            fleet.awaitReady();

            Shop shop = new Shop(api(door(network, fleet)), seed, PRODUCTS);
            breakage.whileSending(shop, UPLOADS, new FaultPlan(breakage, services, servers, clocks, UPLOADS));

            verify(topology, breakage, shop, fleet, servers);
        }
        assertThat(network.left()).as("namespaces").isEmpty();
    }

    private Map<String, String> environment(Servers servers) {
        Map<String, String> environment = new HashMap<>(servers.environment());
        environment.put(
                "VITRINE_MODEL",
                RunningVitrine.HOME.resolve("models/vitrine-mini").toString());
        environment.put("VITRINE_COLLECTION", COLLECTION);
        environment.put("VITRINE_WORKERS", "1");
        environment.put("VITRINE_API_KEY", KEY);
        return environment;
    }

    private Machine service(Breakage breakage, Network network, Fleet fleet, String kind, String name, String role) {
        Host host = network.host(name);
        Map<String, String> own = new HashMap<>();
        own.put("VITRINE_DATA_DIR", data(name).toString());
        Clock.at(folder.resolve(name + ".clock")).ifPresent(clock -> {
            clock.set(FaultPlan.skew(breakage));
            clocks.put(host, clock);
            own.putAll(clock.environment());
        });
        ServiceProcess process = fleet.add(name, host, own, "--role", role);
        return new Machine(
                kind,
                host,
                kind.equals("worker") ? Fleet.LEASE_MS + 2_000 : LONGEST_MS,
                new Program(process::kill, () -> {}, process::pause, process::resume)); // its init system starts it
    }

    /** Hosts share nothing but what the servers keep. */
    private Path data(String name) {
        return folder.resolve(name + "-data");
    }

    private static HttpApi api(String url) {
        return new HttpApi(url).with("Authorization", "Bearer " + KEY);
    }

    /** As a load balancer, which asks the other where one is not there. */
    private static String door(Network network, Fleet fleet) {
        List<String> both = Stream.of("api-1", "worker-3")
                .map(name ->
                        network.host(name).address() + ":" + fleet.get(name).port())
                .toList();
        return "http://127.0.0.1:" + network.doors().to(both);
    }

    private void verify(Topology topology, Breakage breakage, Shop shop, Fleet fleet, Servers servers) {
        long seed = breakage.seed();
        fleet.awaitReady();
        HttpApi api = api(fleet.get("api-1").url());
        long drained = Verdict.awaitIdle(api, servers::owed, PATIENCE, seed);
        Verdict verdict = Verdict.of(shop, api);
        long points = servers.points(COLLECTION);
        new Table("Cluster, " + topology + ", seed " + seed)
                .answers(shop)
                .row("completed of the accepted", verdict.completed())
                .row("runs more than one a job", verdict.duplicates())
                .row("ms until all was done", drained)
                .row("lost", verdict.lost().size())
                .row("products not the latest", verdict.wrong().size())
                .row("points", points)
                .faults(breakage)
                .print();

        verdict.assertKept(seed);
        servers.assertSwept(seed);
        Leftovers.assertSwept(
                fleet.names().stream()
                        .flatMap(name -> Stream.of("uploads", "spool").map(data(name)::resolve))
                        .toList(),
                file -> false,
                seed);
        assertThat(api.get("/jobs?status=failed&limit=1000").body().path("jobs"))
                .as("failed; seed " + seed)
                .isEmpty();
        assertThat(points)
                .as("points; seed " + seed)
                .isBetween(
                        shop.productIds().stream()
                                .filter(product -> !shop.possibleNames(product).isEmpty())
                                .count(),
                        (long) shop.productIds().size());
    }
}
