package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.clip.TinyClip;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that break, hang or exhaust the decoder or the model fail alone in a service that goes on. */
class PoisonTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void eachPoisonFailsWithItsReasonAndTheRestIsIndexed() throws IOException {
        Map<String, String> environment = Map.of(
                "VITRINE_MODEL",
                poisonedModel().toString(),
                "VITRINE_DECODE_DEADLINE",
                "500ms",
                "VITRINE_WORKERS",
                "1");
        try (RunningVitrine service = RunningVitrine.start(folder.resolve("data"), environment)) {
            Map<String, byte[]> poison = new LinkedHashMap<>();
            poison.put("damaged", Pictures.brokenPng(64, 64));
            poison.put("takes too long to decode", Pictures.endlessJpeg());
            poison.put("comes to no end on this picture", Pictures.plain(Color.WHITE));
            poison.put("fails on this picture and not on others", Pictures.plain(Color.BLACK));
            List<String> good = new ArrayList<>();
            Map<String, String> bad = new LinkedHashMap<>();
            HttpApi api = service.api();
            poison.forEach((reason, picture) -> {
                good.add(api.upload("good-" + good.size(), Pictures.jpeg(good.size()))
                        .text("job_id"));
                bad.put(api.upload("bad-" + bad.size(), picture).text("job_id"), reason);
                good.add(api.upload("good-" + good.size(), Pictures.jpeg(good.size()))
                        .text("job_id"));
            });

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(good)
                        .allSatisfy(job -> assertThat(api.get("/jobs/" + job).text("status"))
                                .isEqualTo("completed"));
                assertThat(bad.keySet())
                        .allSatisfy(job -> assertThat(api.get("/jobs/" + job).text("status"))
                                .isEqualTo("failed"));
            });

            bad.forEach((job, reason) ->
                    assertThat(api.get("/jobs/" + job).text("error")).contains(reason));
            await().untilAsserted(() -> {
                assertThat(api.get("/observe/health/ready").status()).isEqualTo(200);
                assertThat(api.get("/observe/health/live").status()).isEqualTo(200);
                assertThat(api.get("/observe/metrics").response().body())
                        .contains("vitrine_stuck{part=\"decoder\"} 0.0", "vitrine_stuck{part=\"encoder\"} 0.0");
            });
        }
    }

    private Path poisonedModel() throws IOException {
        Path model = TinyClip.copyTo(folder.resolve("poisoned"));
        Files.copy(
                TinyClip.variant("vision_poisoned.onnx"),
                model.resolve("onnx/vision_model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        return model;
    }
}
