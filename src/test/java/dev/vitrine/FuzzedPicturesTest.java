package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Mutator;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged pictures of every format, sent as uploads and as searches: each is answered, none with 500, and nothing is left of
 * them. {@code -Pfuzz} sends more, {@code -Dfuzz.seed=N} others.
 */
@Tag("fuzz")
class FuzzedPicturesTest {
    private static final int SENDERS = 8;
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Set<Integer> FINE = Set.of(200, 202, 400, 413, 415, 422, 429, 503);

    @TempDir
    private Path data;

    private static List<byte[]> pictures() throws IOException {
        List<byte[]> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(jpg|png|gif|webp|bmp|tiff)"))
                    .sorted()
                    .toList()) {
                if (Files.size(file) < 60_000) {
                    pictures.add(Files.readAllBytes(file));
                }
            }
        }
        return pictures;
    }

    @Test
    void whateverIsSentIsAnsweredAndLeavesNothing() throws Exception {
        int count = Integer.getInteger("fuzz.requests", 400);
        long seed = Long.getLong("fuzz.seed", 42);
        List<byte[]> pictures = pictures();
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_DECODE_DEADLINE", "2s"))) {
            HttpApi api = service.api();
            service.awaitStatus(api.upload("known", Pictures.jpeg(1)).text("job_id"), "completed");
            int threads = Thread.activeCount();

            ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
            List<CompletableFuture<Void>> sent = new ArrayList<>();
            List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
            try {
                for (int i = 0; i < count; i++) {
                    int number = i;
                    byte[] picture = new Mutator(seed + number).mutate(pictures.get(number % pictures.size()));
                    sent.add(CompletableFuture.runAsync(
                            () -> {
                                Answer answer = number % 2 == 0
                                        ? api.upload("fuzz-" + number, picture)
                                        : api.searchByPicture(picture);
                                if (!FINE.contains(answer.status()) || answer.millis() > 5_000) {
                                    wrong.add(number + ": " + answer.status() + " after " + answer.millis() + " ms");
                                }
                            },
                            senders));
                }
                while (!sent.stream().allMatch(CompletableFuture::isDone)) {
                    Answer small = api.searchByPicture(Pictures.jpeg(1));
                    assertThat(small.status()).as("a good search beside").isEqualTo(200);
                    assertThat(api.upload("small", Pictures.jpeg(2)).status()).isEqualTo(202);
                }
                sent.forEach(CompletableFuture::join);
            } finally {
                senders.shutdownNow();
            }
            assertThat(wrong).as("answers to seed " + seed).isEmpty();

            await("every job ends").atMost(Duration.ofMinutes(5)).untilAsserted(() -> assertThat(
                            Stream.of("queued", "processing", "retrying")
                                    .mapToInt(status -> api.get("/jobs?limit=1&status=" + status)
                                            .body()
                                            .path("jobs")
                                            .size())
                                    .sum())
                    .isZero());
            assertThat(api.get("/products/known").status()).isEqualTo(200);
            assertThat(RunningVitrine.names(data.resolve("uploads"))).isEmpty();
            assertThat(api.get("/observe/health/live").status()).isEqualTo(200);
            assertThat(api.get("/observe/metrics").response().body())
                    .contains("vitrine_stuck{part=\"decoder\"} 0.0")
                    .contains("vitrine_stuck{part=\"encoder\"} 0.0");
            await("threads end").atMost(Duration.ofMinutes(2)).until(() -> Thread.activeCount() < threads + 40);
        }
    }
}
