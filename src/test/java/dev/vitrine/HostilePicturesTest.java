package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HostilePictures;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many pictures at once that wear decoders out neither stop the service nor keep small pictures waiting. */
@Tag("fuzz")
class HostilePicturesTest {
    private static final int LONGEST_MILLIS = 5_000;
    private static final Set<Integer> FINE = Set.of(200, 202, 400, 413, 415, 422, 429, 503);

    @TempDir
    static Path data;

    private static RunningVitrine service;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of("VITRINE_DECODE_DEADLINE", "500ms"));
        api = service.api();
        service.awaitStatus(api.upload("known", Pictures.jpeg(1)).text("job_id"), "completed");
    }

    @AfterAll
    static void leavesNoProcess() {
        List<ProcessHandle> decoders = decoders();
        service.close();
        assertThat(decoders).noneMatch(ProcessHandle::isAlive);
    }

    private static List<ProcessHandle> decoders() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("DecoderMain"))
                .toList();
    }

    private static Map<String, byte[]> hostile() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("gif", HostilePictures.commentedGif(250_000));
        all.put("groups", HostilePictures.groupedWebp(65_536));
        all.put("nested", HostilePictures.nestedWebp(100_000));
        all.put("endless", Pictures.endlessJpeg());
        return all;
    }

    @Test
    void aFewOfEachKindAtOnce() {
        bombard(hostile(), 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "groups", "nested", "endless"})
    @Tag("slow")
    void sixtyFourOfAKindAtOnce(String kind) {
        bombard(Map.of(kind, hostile().get(kind)), 64);
    }

    @Test
    void aPictureLargerThanASearchTakesIsRefusedByItsHeader() {
        Answer answer = api.searchByPicture(Pictures.brokenPng(5_000, 4_000));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("detail")).contains("20.0 megapixels; at most 16.0");
        assertThat(api.upload("large", Pictures.brokenPng(5_000, 4_000)).status())
                .isEqualTo(202);
    }

    private static void bombard(Map<String, byte[]> pictures, int each) {
        ExecutorService senders = Executors.newCachedThreadPool();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        List<Answer> small = new ArrayList<>();
        try {
            pictures.forEach((kind, picture) -> {
                MultipartBody search = new MultipartBody().file("image_file", "query.jpg", picture);
                byte[] query = search.toByteArray();
                for (int i = 0; i < each; i++) {
                    String product = kind + "-" + i;
                    answers.add(CompletableFuture.supplyAsync(() -> api.upload(product, picture), senders));
                    answers.add(CompletableFuture.supplyAsync(
                            () -> api.post("/search", search.contentType(), query), senders));
                }
            });
            for (int i = 0; !answers.stream().allMatch(CompletableFuture::isDone); i++) {
                small.add(api.searchByPicture(Pictures.jpeg(1)));
                small.add(api.upload("small-" + i, Pictures.jpeg(i)));
                small.add(api.get("/observe/health/live"));
            }
        } finally {
            senders.shutdown();
        }
        assertThat(answers.stream().map(CompletableFuture::join)).allSatisfy(answer -> {
            assertThat(answer.status()).isIn(FINE);
            assertThat(answer.millis()).isLessThan(LONGEST_MILLIS);
            assertThat(answer.header("Retry-After").isEmpty()).isEqualTo(answer.status() < 429);
        });
        assertThat(small).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.status()).isIn(200, 202);
            assertThat(answer.millis()).isLessThan(LONGEST_MILLIS);
        });
        await("every job ends").atMost(Duration.ofMinutes(10)).untilAsserted(() -> assertThat(
                        Stream.of("queued", "processing", "retrying")
                                .map(status -> api.get("/jobs?limit=1&status=" + status)
                                        .body()
                                        .path("jobs")
                                        .size()))
                .containsOnly(0));
        assertThat(api.get("/jobs?status=failed&limit=1000").body().path("jobs"))
                .allSatisfy(job -> assertThat(job.path("product_id").asText()).doesNotStartWith("small"));
        assertThat(RunningVitrine.names(data.resolve("uploads"))).isEmpty();
        assertThat(decoders().size())
                .isLessThanOrEqualTo(2 * Runtime.getRuntime().availableProcessors());
        assertThat(api.get("/observe/metrics").response().body()).contains("vitrine_stuck{part=\"decoder\"} 0.0");
    }
}
