package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the spool in an object store and Redis away, an upload is indexed while its client waits, and the bucket is left empty. */
class ObjectStoreWithoutRedisTest {
    @TempDir
    private Path data;

    @Test
    void anUploadIsIndexedAtOnceAndLeavesNothingInTheBucket() {
        try (S3Server server = S3Server.start();
                S3Front front = S3Front.before(server)) {
            Map<String, String> environment = new HashMap<>(S3Server.environment(front.endpoint()));
            environment.put("VITRINE_SPOOL", "s3://" + S3Server.BUCKET + "/shop");
            environment.put("VITRINE_THUMBNAILS", "off");
            environment.put("VITRINE_REDIS_URL", "redis://127.0.0.1:" + RunningVitrine.freePort());
            try (RunningVitrine service = RunningVitrine.start(data, environment)) {
                Answer answer = service.api().upload("lamp", Pictures.jpeg(1));

                assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
                assertThat(answer.text("status")).isEqualTo("indexed");
                assertThat(service.api().get("/products/lamp").status()).isEqualTo(200);
                assertThat(server.keys("")).isEmpty();
                assertThat(service.keptFiles()).isEmpty();

                front.goAway();
                assertThat(service.api().upload("cup", Pictures.jpeg(2)).status())
                        .as("neither queue nor store")
                        .isEqualTo(503);
                front.behave();
                assertThat(service.api().get("/products/cup").status()).isEqualTo(404);
            }
        }
    }
}
