package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RoundTrips;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShippedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What accepting an upload asks of Redis, which every upload waits for. */
@Tag("slow")
class AcceptRoundTripsTest {
    private static final int UPLOADS = 20;

    @Test
    void anUploadAsksRedisForItsVersionAndThenEnqueuesTogether(@TempDir Path folder) throws Exception {
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), "no").start();
                RoundTrips trips = new RoundTrips(redis.port());
                RunningVitrine service = withoutWorker(folder, "redis://127.0.0.1:" + trips.port())) {
            upload(service);
            trips.forget();
            for (int i = 0; i < UPLOADS; i++) {
                upload(service);
            }
            List<String> all = trips.all();
            assertThat(all)
                    .filteredOn(trip -> trip.contains("{vitrine}:version"))
                    .hasSize(UPLOADS);
            assertThat(all)
                    .filteredOn(trip -> trip.contains("LPUSH"))
                    .hasSize(UPLOADS)
                    .allMatch(trip -> trip.contains("ZADD") && trip.contains("HMSET"));
            assertThat(all.size()).as("with what goes on beside: %s", all).isLessThan(3 * UPLOADS);
        }
    }

    private static void upload(RunningVitrine service) {
        assertThat(service.api().upload("mug", Pictures.jpeg(1)).status()).isEqualTo(202);
    }

    private static RunningVitrine withoutWorker(Path folder, String redis) throws Exception {
        Path home = folder.resolve("home");
        ShippedFiles.copy(home);
        Path worker = home.resolve("routes/index.camel.yaml");
        Files.writeString(
                worker,
                Files.readString(worker)
                        .replace("precondition: \"{{vitrine.role.worker}}\"", "precondition: \"false\""));
        return RunningVitrine.start(home, folder.resolve("data"), Map.of("VITRINE_REDIS_URL", redis));
    }
}
