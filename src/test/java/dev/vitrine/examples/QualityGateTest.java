package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/quality-gate.camel.yaml in front of every source. */
class QualityGateTest {
    @TempDir
    private Path folder;

    @Test
    void refusesPicturesThatAreTooSmall() throws IOException {
        String check = "        - setVariable:\n            id: accept-check\n";
        String gate = "        - to:\n            id: accept-quality\n            uri: direct\n"
                + "            parameters:\n              name: quality-gate\n";
        Site site = new Site(folder).example("quality-gate").edit("accept", check, gate + check);
        try (RunningVitrine service = site.start()) {
            Answer wide = service.api().upload("wide", Pictures.encode("png", 1, 400, 199));
            assertThat(wide.status()).isEqualTo(422);
            assertThat(wide.text("detail")).contains("400 x 199", "200");
            assertThat(service.api()
                            .upload("tall", Pictures.encode("png", 2, 30, 400))
                            .status())
                    .isEqualTo(422);
            Answer right = service.api().upload("right", Pictures.encode("png", 3, 200, 200));
            assertThat(right.status()).isEqualTo(202);

            Files.write(service.inbox().resolve("dropped.png"), Pictures.encode("png", 4, 100, 100));
            await().until(() -> Files.exists(service.inbox().resolve(".failed/dropped.png.error.txt")));
            service.awaitStatus(right.text("job_id"), "completed");
            assertThat(Site.jobs(service)).isEqualTo(List.of("right completed"));
            assertThat(service.keptFiles()).isEmpty();
        }
    }
}
