package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pipeline with its spool in an object store: what is accepted is in the bucket until it is in the index. */
class ObjectStoreRouteTest {
    private static final S3Server server = S3Server.start();
    private static final S3Front front = S3Front.before(server);

    @RegisterExtension
    static final Pipeline pipeline = pipeline(S3Server.environment(front.endpoint()));

    private static Pipeline pipeline(Map<String, String> environment) {
        Pipeline pipeline = new Pipeline().with("VITRINE_SPOOL", "s3://" + S3Server.BUCKET + "/shop");
        environment.forEach(pipeline::with);
        return pipeline;
    }

    @AfterAll
    static void stop() {
        front.close();
        server.close();
    }

    @AfterEach
    void behave() {
        front.behave();
        await().until(() -> keys().isEmpty());
    }

    private static List<String> keys() {
        return server.keys("shop/owed/");
    }

    @Test
    void anUploadIsInTheBucketUntilItIsIndexed() {
        pipeline.fail("worker-picture", () -> new IllegalStateException("not now"));
        String job = pipeline.upload("lamp");

        assertThat(keys()).hasSize(2).allMatch(key -> key.matches("shop/owed/[0-9a-f]{2}/" + job + "\\.(img|json)"));

        pipeline.fail("worker-picture", () -> null);
        pipeline.await(job, "completed");
        assertThat(pipeline.api().get("/products/lamp").status()).isEqualTo(200);
        await().until(() -> keys().isEmpty());
        assertThat(pipeline.keptFiles()).isEmpty();
    }

    @Test
    void writesThePictureFirstAndTheRecordLast() {
        front.seen();
        pipeline.await(pipeline.upload("first"), "completed");
        assertThat(front.seen().stream()
                        .filter(request ->
                                request.method().equals("PUT") && request.uri().contains("/owed/"))
                        .map(request -> request.uri().replaceAll(".*\\.", "")))
                .containsExactly("img", "json");
    }

    @Test
    void whileTheStoreIsAwayUploadsAreRefusedAndNothingIsHalfAccepted() {
        front.refuse(
                request -> request.uri().endsWith(".json") && request.method().equals("PUT"),
                100,
                500,
                "InternalError");

        Answer answer = pipeline.api().upload("away", Pictures.jpeg(1));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotBlank();
        assertThat(answer.text("detail")).contains("The store of accepted uploads");
        assertThat(keys()).isEmpty();
    }
}
