package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be kept is not taken. */
class BackPressureTest {
    @TempDir
    Path data;

    @Test
    void refusesUploadsWhileTooManyJobsWait() {
        try (LogLines log = new LogLines(BackPressure.class);
                RunningVitrine service =
                        RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api", "VITRINE_MAX_QUEUE", "3"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(service.api().upload("p-" + i, Pictures.jpeg(i)).status())
                        .isEqualTo(202);
            }

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> service.api().upload("more", Pictures.jpeg(9)).status() == 429);

            assertThat(service.api().get("/observe/metrics").response().body())
                    .as("without a worker an api process says how much waits")
                    .containsPattern("vitrine_queue_depth\\{[^}]*state=\"waiting\"[^}]*} [1-9]")
                    .containsPattern("vitrine_queue_workers\\{[^}]*} 0.0")
                    .containsPattern("vitrine_queue_oldest_wait_seconds\\{[^}]*} \\d");
            assertThat(service.api().get("/observe/health").response().body())
                    .contains("jobs wait and no worker is alive");
            assertThat(service.api().get("/observe/health/ready").status()).isEqualTo(200);

            Answer refused = service.api().upload("more", Pictures.jpeg(9));
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
            assertThat(refused.text("detail")).contains("VITRINE_MAX_QUEUE");
            assertThat(log.messages()).singleElement().satisfies(line -> assertThat(line)
                    .contains("The queue is full", "VITRINE_MAX_QUEUE"));
            long waiting = service.api()
                    .get("/stats")
                    .body()
                    .path("jobs")
                    .path("queued")
                    .asLong();
            await().untilAsserted(() -> assertThat(service.keptFiles()).hasSize((int) (2 * waiting)));
        }
    }

    @Test
    void refusesUploadsWhileTheDiskIsTooFullAndLetsTheDropFolderWait() throws IOException {
        try (LogLines log = new LogLines(BackPressure.class);
                RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_MIN_FREE", "900000000GB"))) {
            Path dropped = Files.write(service.inbox().resolve("lamp.jpg"), Pictures.jpeg(1));

            Answer refused = service.api().upload("lamp", Pictures.jpeg(1));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
            assertThat(refused.text("detail")).contains("VITRINE_MIN_FREE");
            await().untilAsserted(() -> assertThat(service.keptFiles()).isEmpty());
            // Long enough for the file to have settled and several polls.
            await().pollDelay(Duration.ofMillis(2_500)).until(() -> true);
            assertThat(dropped).exists();
            assertThat(service.inbox().resolve(".failed")).doesNotExist();
            assertThat(log.messages()).singleElement().satisfies(line -> assertThat(line)
                    .contains("VITRINE_MIN_FREE", "refused"));
        }
    }
}
