package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.testing.QdrantServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a point and a search cost Qdrant in memory and processor time, which docs/scaling's model multiplies. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QdrantFootprintTest {
    private static final int[] POINTS = {20_000, 100_000};
    private static final int SEARCHES = 2_000;
    private static final int CALLERS = 64;

    @TempDir
    Path folder;

    @Test
    void aPointTakesAFewKilobytes() throws Exception {
        Vectors vectors = new Vectors();
        try (QdrantServer server = QdrantServer.startNew(Map.of());
                QdrantHost host =
                        QdrantHost.find(server.grpcUrl(), null, folder).orElseThrow();
                ProductIndex index = ProductIndex.open(host.settings(), SearchBench.SPACE)) {
            long pid = pid();
            int from = 0;
            for (int to : POINTS) {
                double before = Machine.seconds(pid);
                all(from, to, number -> index.upsert(product(number), vectors.point(number)));
                host.awaitIndexed(Duration.ofSeconds(45));
                double upsert = (Machine.seconds(pid) - before) / (to - from);
                before = Machine.seconds(pid);
                all(0, SEARCHES, i -> index.search(vectors.query(i), 10, -1));
                double search = (Machine.seconds(pid) - before) / SEARCHES;
                System.out.printf(
                        "%,d points: %.2f ms to take one and put it into the graph, %.2f ms a search%n",
                        to, upsert * 1e3, search * 1e3);
                from = to;
            }
            server.kill();
            server.start();
            await().ignoreExceptions().until(() -> index.count() == POINTS[POINTS.length - 1]);
            all(0, SEARCHES, i -> index.search(vectors.query(i), 10, -1));
            double own = bytes(pid(), "RssAnon");
            double files = bytes(pid(), "RssFile");
            int points = POINTS[POINTS.length - 1];
            System.out.printf(
                    "%,d points after a start and searches: %.0f bytes of memory each, %.0f more of files in the system's"
                            + " cache%n",
                    points, own / points, files / points);
            assertThat(own / points).as("bytes a point").isBetween(500.0, 6_000.0);
        }
    }

    private static long pid() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").contains("qdrant"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static double bytes(long pid, String what) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            String line = lines.filter(one -> one.startsWith(what)).findFirst().orElseThrow();
            return 1024.0 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    private static Product product(int number) {
        return new Product(
                "p" + number,
                "main",
                "A product",
                Instant.EPOCH,
                1,
                SearchBench.SPACE.model(),
                Map.of("price", number));
    }

    /** As many at once as workers of a few machines have. */
    private static void all(int from, int to, IntConsumer work) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> calls = IntStream.range(0, CALLERS)
                    .<Callable<Void>>mapToObj(caller -> () -> {
                        for (int i = from + caller; i < to; i += CALLERS) {
                            work.accept(i);
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
