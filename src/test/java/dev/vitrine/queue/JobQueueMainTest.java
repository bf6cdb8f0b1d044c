package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The component as the product runs it: under camel-main, from a YAML route, set by properties. */
@ExtendWith(RedisExtension.class)
class JobQueueMainTest {

    @TempDir
    Path routes;

    @Test
    void runsFromAYamlRouteWithPropertiesHealthAndMeters(RedisConnections connections) throws Exception {
        Files.writeString(
                routes.resolve("index.camel.yaml"),
                """
                - route:
                    id: index
                    from:
                      uri: job-queue:vitrine
                      parameters:
                        concurrentConsumers: 2
                        lease: 10s
                      steps:
                        - setHeader:
                            name: VitrineModel
                            constant: clip
                        - to:
                            uri: job-queue:vitrine
                            parameters:
                              operation: complete
                """);
        JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        RedisJobStore store = new RedisJobStore(queue);
        JobState job = new JobState(
                "01a20bab-4e06-7841-9e97-03f7c7f0ddff",
                "p",
                "main",
                "Lamp",
                JobStatus.QUEUED,
                0,
                "2026-01-02T03:04:05.006Z",
                null,
                null,
                null,
                null,
                null);
        queue.upkeep().enqueueIfMissing(job, 7);
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false"); // not the service's own properties
        main.bind("redisConnections", connections);
        main.addInitialProperty("camel.main.routesIncludePattern", "file:" + routes + "/*.camel.yaml");
        main.addInitialProperty("camel.component.job-queue.jobTtl", "1h");
        main.addInitialProperty("camel.component.job-queue.workerId", "shelf");
        main.addInitialProperty("camel.metrics.enabled", "true");
        main.start();
        try {
            await().until(() -> store.find(job.id()).orElseThrow().status() == JobStatus.COMPLETED);

            assertThat(store.find(job.id()).orElseThrow().model()).isEqualTo("clip");
            assertThat(connections.template().getExpire("{vitrine}:job:" + job.id()))
                    .isBetween(3_500L, 3_600L);
            assertThat(connections.template().opsForHash().get("{vitrine}:job:" + job.id(), "worker"))
                    .isEqualTo("shelf");
            assertThat(HealthCheckHelper.invokeReadiness(main.getCamelContext()))
                    .anySatisfy(result -> assertThat(result.getCheck().getId()).isEqualTo("job-queue"));
            MeterRegistry meters =
                    main.getCamelContext().getRegistry().lookupByNameAndType("metricsRegistry", MeterRegistry.class);
            await().untilAsserted(() -> assertThat(
                            meters.get("vitrine.queue.completed").counter().count())
                    .isOne());
        } finally {
            main.stop();
        }
    }
}
