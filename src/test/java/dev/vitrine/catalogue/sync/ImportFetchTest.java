package dev.vitrine.catalogue.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.catalogue.read.Catalogues;
import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.http.outbound.OutboundHttp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an import treats the hosts of a shop's pictures. */
class ImportFetchTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int THREADS = 12;

    /** Takes all pictures, at once. */
    private static final class Taken implements Target {
        private final Map<String, String> pictures = new ConcurrentHashMap<>();

        @Override
        public String id() {
            return "test";
        }

        @Override
        public Sent send(Wanted wanted, Path picture, String once) throws IOException {
            pictures.put(wanted.productId(), Files.readString(picture));
            return new Sent(once, true);
        }

        @Override
        public Change change(Wanted wanted) {
            return Change.DONE;
        }

        @Override
        public Map<String, JobEnd> ends(Collection<String> jobIds) {
            return new HashMap<>();
        }

        @Override
        public void delete(String productId, String imageId) {
            pictures.remove(productId);
        }
    }

    private static final class Silent implements ImportListener {
        @Override
        public void opened(String description) {}

        @Override
        public void fault(Fault fault) {}

        @Override
        public void planned(ImportCounts counts) {}

        @Override
        public void progressed(ImportCounts counts) {}

        @Override
        public void waiting(String why) {}
    }

    @TempDir
    private Path folder;

    private final Taken target = new Taken();
    private boolean isHiddenTaken;

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private ImportCounts run(String table, String... hosts) throws Exception {
        Path catalogue = Files.writeString(folder.resolve("shop.csv"), table);
        AllowedHosts allowed = AllowedHosts.everyPublic("--fetch-hosts", List.of(hosts), NameResolver.SYSTEM);
        try (OutboundHttp http = new OutboundHttp(VERTX, allowed);
                ImportSpace space = ImportSpace.open(folder.resolve("state"))) {
            PictureSource source = new PictureSource(
                    new FileFetch(http, 4, Duration.ofMinutes(1)),
                    new HostPauses(Clock.systemUTC()),
                    ImageBase.none(),
                    space.fetched(),
                    1_000);
            return new Importer(space.folder(), new Catalogues(null, Map.of()), source, target, new Silent())
                    .run(
                            catalogue,
                            new ImportOptions("shop", isHiddenTaken, false, false, false, false, report(), THREADS))
                    .counts();
        }
    }

    private Path report() {
        return folder.resolve("failed.csv");
    }

    private static String table(CountingHost host, int rows) {
        StringBuilder table = new StringBuilder("product_id,name,image\n");
        for (int i = 0; i < rows; i++) {
            table.append("p-%d,P,%s\n".formatted(i, host.url("/" + i + ".jpg")));
        }
        return table.toString();
    }

    @Test
    void noHostSeesMoreThanFourConnectionsAtOnceAndOthersAreNotHeldByIt() throws Exception {
        try (CountingHost slow = new CountingHost(request -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    return CountingHost.ok("slow");
                });
                CountingHost other = new CountingHost(request -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    return CountingHost.ok("other");
                })) {
            String table = table(slow, 40)
                    + table(other, 40).replace("product_id,name,image\n", "").replace("p-", "q-");

            ImportCounts counts = run(table, slow.name(), other.name());

            assertThat(counts.indexed()).isEqualTo(80);
            assertThat(slow.mostConnections()).isEqualTo(4);
            assertThat(other.mostConnections()).isEqualTo(4);
            assertThat(slow.requests()).hasSize(40);
        }
    }

    @Test
    void aHostThatIsBusyIsAskedByNobodyUntilItSaid() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        long[] told = new long[1];
        try (CountingHost host = new CountingHost(request -> {
            if (asked.incrementAndGet() == 1) {
                told[0] = System.nanoTime();
                return CountingHost.status(429, "Retry-After: 1");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            return CountingHost.ok("picture");
        })) {
            assertThat(run(table(host, 60), host.name()).indexed()).isEqualTo(60);

            assertThat(host.requests())
                    .as("only what was on its way comes before the second is over")
                    .filteredOn(request -> request.nanos() - told[0] > TimeUnit.MILLISECONDS.toNanos(100)
                            && request.nanos() - told[0] < TimeUnit.MILLISECONDS.toNanos(980))
                    .isEmpty();
            assertThat(host.requests()).hasSize(61);
        }
    }

    @Test
    void theNextRunAsksOnlyWhetherAPictureHasChanged() throws Exception {
        try (CountingHost host = new CountingHost(request -> request.head().contains("If-None-Match: \"1\"")
                        && request.path().equals("/0.jpg")
                ? CountingHost.status(304)
                : CountingHost.ok("picture", "ETag: \"1\"", "Last-Modified: Sat, 31 Jan 2026 07:00:00 GMT"))) {
            run(table(host, 2), host.name());
            assertThat(host.requests()).noneMatch(request -> request.head().contains("If-"));

            ImportCounts counts = run(table(host, 2), host.name());

            assertThat(counts.unchanged()).isEqualTo(2);
            assertThat(counts.sent()).isZero();
            assertThat(host.requests().subList(2, 4))
                    .allMatch(request -> request.head().contains("If-None-Match: \"1\""))
                    .allMatch(request -> request.head().contains("If-Modified-Since: Sat, 31 Jan 2026 07:00:00 GMT"));
        }
    }

    @Test
    void anotherOrderOrAnotherVersionOfTheUrlSendsNothing() throws Exception {
        try (CountingHost host = new CountingHost(request -> CountingHost.ok("picture"))) {
            String table = "product_id,name,image\na,A,\"%1$s/1.jpg?v=1,%1$s/2.jpg?v=1\"\n".formatted(host.url(""));
            assertThat(run(table, host.name()).sent()).isEqualTo(2);

            table = "product_id,name,image\na,A,\"%1$s/2.jpg?v=7,%1$s/1.jpg?v=8\"\n".formatted(host.url(""));
            ImportCounts counts = run(table, host.name());

            assertThat(counts.sent()).isZero();
            assertThat(counts.unchanged()).isEqualTo(2);
        }
    }

    @Test
    void whatTheShopDoesNotShowIsNotFetched() throws Exception {
        try (CountingHost host = new CountingHost(request -> CountingHost.ok("picture"))) {
            String table = "Handle,Title,Image Src,Image Position,Status,Published\n"
                    + "a,A,%1$s/a.jpg,1,active,true\nb,B,%1$s/b.jpg,1,draft,true\nc,C,%1$s/c.jpg,1,active,false\n"
                            .formatted(host.url(""));
            ImportCounts counts = run(table, host.name());
            assertThat(counts.skipped()).isEqualTo(2);
            assertThat(target.pictures).containsOnlyKeys("a");
            assertThat(host.requests()).hasSize(1);

            isHiddenTaken = true;
            assertThat(run(table, host.name()).sent()).isEqualTo(2);
            assertThat(target.pictures).containsOnlyKeys("a", "b", "c");
        }
    }

    @Test
    void aHostThatLimitsTheRateLosesNoPicture() throws Exception {
        long began = System.nanoTime();
        long[] window = {-1, 0};
        try (CountingHost host = new CountingHost(request -> {
            synchronized (window) {
                long now = (request.nanos() - began) / TimeUnit.MILLISECONDS.toNanos(100);
                if (window[0] != now) {
                    window[0] = now;
                    window[1] = 0;
                }
                return ++window[1] <= 3 ? CountingHost.ok("picture") : CountingHost.status(429, "Retry-After: 0");
            }
        })) {
            assertThat(run(table(host, 30), host.name()).indexed()).isEqualTo(30);
            assertThat(host.requests()).as("it is asked more slowly").hasSizeLessThan(60);
        }
    }

    @Test
    void redirectsAreFollowedToAllowedHostsOnly() throws Exception {
        try (CountingHost pictures = new CountingHost(request -> CountingHost.ok("picture"));
                CountingHost inside = new CountingHost(request -> CountingHost.ok("secret"));
                CountingHost shop = new CountingHost(request -> CountingHost.status(
                        302,
                        "Location: "
                                + switch (request.path()) {
                                    case "/good.jpg" -> pictures.url("/x.jpg");
                                    case "/round.jpg" -> "/round.jpg";
                                    case "/file.jpg" -> "file:///etc/passwd";
                                    default -> inside.url("/x.jpg");
                                }))) {
            String table =
                    "product_id,name,image\na,A,%1$s/good.jpg\nb,B,%1$s/bad.jpg\nc,C,%1$s/round.jpg\nd,D,%1$s/file.jpg\n"
                            .formatted(shop.url(""));

            ImportCounts counts = run(table, shop.name(), pictures.name());

            assertThat(target.pictures).containsExactly(Map.entry("a", "picture"));
            assertThat(counts.failed()).isEqualTo(3);
            assertThat(inside.requests()).isEmpty();
            assertThat(Files.readAllLines(report()))
                    .anyMatch(line ->
                            line.startsWith("3,image,") && line.contains(inside.name() + "/x.jpg leads to 127.0.0.1"))
                    .anyMatch(line -> line.startsWith("4,image,") && line.contains("more than 3 redirects"))
                    .anyMatch(line -> line.startsWith("5,image,") && line.contains("not a plain http"));
        }
    }

    @Test
    void aPageInsteadOfAPictureIsNamedAsThat() throws Exception {
        try (CountingHost host = new CountingHost(request -> switch (request.path()) {
            case "/typed.jpg" -> CountingHost.ok("Please log in", "Content-Type: text/html; charset=utf-8");
            case "/untyped.jpg" -> CountingHost.ok("\n <!DOCTYPE HTML><title>Log in", "Content-Type: image/jpeg");
            case "/long.jpg" -> CountingHost.ok("x".repeat(1_001));
            default -> CountingHost.status(403);
        })) {
            String table =
                    "product_id,name,image\na,A,%1$s/typed.jpg\nb,B,%1$s/untyped.jpg\nc,C,%1$s/long.jpg\nd,D,%1$s/no.jpg\n"
                            .formatted(host.url(""));

            assertThat(run(table, host.name()).failed()).isEqualTo(4);

            assertThat(Files.readAllLines(report()))
                    .anyMatch(line -> line.startsWith("2,image,\"answers with a web page instead of a picture"))
                    .anyMatch(line -> line.startsWith("3,image,\"answers with a web page instead of a picture"))
                    .anyMatch(line -> line.startsWith("4,image,") && line.contains("more than 1000 bytes"))
                    .anyMatch(line -> line.startsWith("5,image,") && line.contains("the picture must be public"));
        }
    }

    @Test
    void privateAddressesAreRefusedUnlessTheyAreListed() throws Exception {
        try (CountingHost host = new CountingHost(request -> CountingHost.ok("picture"))) {
            String table =
                    "product_id,name,image\na,A,%s\nb,B,http://169.254.169.254/x.jpg\nc,C,http://localhost:%s/x.jpg\n"
                            .formatted(host.url("/a.jpg"), host.name().split(":")[1]);
            assertThat(run(table).failed()).isEqualTo(3);
            assertThat(host.requests()).isEmpty();
            assertThat(Files.readString(report()))
                    .contains("not a public address")
                    .contains("--fetch-hosts must list");

            assertThat(run(table, host.name()).indexed()).isEqualTo(2);
        }
    }
}
