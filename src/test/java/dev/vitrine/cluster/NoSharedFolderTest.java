package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.S3Server;
import dev.vitrine.testing.ServiceProcess;
import dev.vitrine.testing.WebhookReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An api process and workers with a data folder each: all that they must know of each other is in the bucket. */
@Tag("cluster")
class NoSharedFolderTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private S3Server s3;
    private RedisServer redis;
    private QdrantServer qdrant;
    private WebhookReceiver receiver;
    private ServiceProcess apiProcess;
    private ServiceProcess worker;
    private HttpApi api;

    @BeforeEach
    void start() {
        s3 = S3Server.start();
        redis = new RedisServer(folder.resolve("redis"), "everysec").start();
        qdrant = QdrantServer.startNew(Map.of());
        receiver = new WebhookReceiver();
        apiProcess = process("api", "api").launch().awaitReady();
        worker = process("worker", "worker");
        api = new HttpApi(apiProcess.url());
    }

    @AfterEach
    void stop() {
        worker.close();
        apiProcess.close();
        receiver.close();
        qdrant.close();
        redis.close();
        s3.close();
    }

    private ServiceProcess process(String name, String role) {
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("VITRINE_SPOOL", "s3://" + S3Server.BUCKET + "/shop");
        environment.put("VITRINE_ARCHIVE", "s3://" + S3Server.BUCKET + "/archive");
        environment.put("VITRINE_REDIS_URL", redis.url());
        environment.put("VITRINE_QDRANT_URL", qdrant.grpcUrl());
        environment.put("VITRINE_CALLBACK_HOSTS", receiver.host());
        environment.put("VITRINE_CALLBACK_SECRETS", WebhookReceiver.SECRET);
        return new ServiceProcess(
                RunningVitrine.HOME,
                RunningVitrine.environment(folder.resolve("data-" + name), environment),
                folder.resolve(name + ".log"),
                "--role",
                role);
    }

    private String upload(String productId, int seed) {
        return api.upload(productId, Pictures.jpeg(seed)).text("job_id");
    }

    private void awaitCompleted(String job) {
        await().atMost(LIMIT).until(() -> api.get("/jobs/" + job).text("status").equals("completed"));
    }

    @Test
    void aDeletionHoldsForAnUploadThatAnotherMachineWorksOffLater() {
        String gone = upload("gone", 1);
        assertThat(api.delete("/products/gone").status())
                .as("nothing is indexed yet")
                .isEqualTo(404);
        String before = upload("back", 2);
        api.delete("/products/back");
        String later = upload("back", 3);

        worker.launch();
        awaitCompleted(gone);
        awaitCompleted(before);
        awaitCompleted(later);

        assertThat(api.get("/products/gone").status()).isEqualTo(404);
        assertThat(api.get("/products/back").status()).isEqualTo(200);
        await().atMost(LIMIT).until(() -> s3.keys("shop/owed/").isEmpty());
        assertThat(s3.keys("shop/deleted/")).hasSize(2);
    }

    @Test
    void aSmallPictureThatAWorkerMakesIsServedByTheApi() {
        worker.launch();
        awaitCompleted(upload("mug", 1));

        assertThat(api.get("/products/mug/images/main/thumbnail").status()).isEqualTo(200);
        assertThat(s3.keys("shop/thumbnails/")).hasSize(1);

        assertThat(api.delete("/products/mug").status()).isEqualTo(200);
        assertThat(s3.keys("shop/thumbnails/")).isEmpty();
    }

    @Test
    void whileRedisIsAwayTheApiIndexesAndLeavesNothingInTheBucket() {
        redis.kill();
        await().atMost(LIMIT).until(() -> api.upload("warm", Pictures.jpeg(1)).status() == 200);

        assertThat(api.upload("mug", Pictures.jpeg(2)).text("status")).isEqualTo("indexed");

        assertThat(api.get("/products/mug").status()).isEqualTo(200);
        assertThat(s3.keys("shop/owed/")).isEmpty();
        redis.start();
        await().atMost(LIMIT).until(() -> api.upload("late", Pictures.jpeg(3)).status() == 202);
    }

    @Test
    void aPictureIsInTheArchiveAsItCame() {
        worker.launch();
        awaitCompleted(upload("mug", 1));

        assertThat(s3.keys("archive/")).hasSize(2).anyMatch(key -> key.endsWith(".img"));
        assertThat(RunningVitrine.files(folder.resolve("data-worker/uploads"))).isEmpty();
    }

    @Test
    void aWebhookOutlivesTheMachineThatOwedIt() {
        AtomicInteger status = new AtomicInteger(503);
        String url = receiver.answer("/hook", request -> request.sendResponseHeaders(status.get(), -1));
        worker.launch();
        String job = api.upload(Map.of("product_id", "mug", "name", "Mug", "callback_url", url), Pictures.jpeg(1))
                .text("job_id");
        await().atMost(LIMIT).until(() -> !receiver.at("/hook").isEmpty());
        worker.kill();
        assertThat(s3.keys("shop/callbacks/")).hasSize(1);

        status.set(204);
        int tries = receiver.at("/hook").size();
        try (ServiceProcess other = process("other", "worker")) {
            other.launch();
            await().atMost(LIMIT).until(() -> receiver.at("/hook").size() > tries);
            await().atMost(LIMIT).until(() -> s3.keys("shop/callbacks/").isEmpty());
        }
        assertThat(receiver.at("/hook").get(tries).body().at("/data/job_id").asText())
                .isEqualTo(job);
    }
}
