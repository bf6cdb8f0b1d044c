package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.TcpProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobQueueOutageTest {

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LogLines log = new LogLines(RedisContact.class);
    private EmbeddedRedis server;
    private RedisConnections connections;
    private JobQueue queue;
    private RedisJobStore store;

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedRedis.start(folder);
        connections = new RedisConnections(server.url());
        queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        store = new RedisJobStore(queue);
        camel.getRegistry().bind("redisConnections", connections);
        camel.getRegistry().bind("meters", meters);
    }

    @AfterEach
    void stop() throws Exception {
        signal("-CONT");
        camel.stop();
        log.close();
        connections.close();
        server.close();
    }

    @Test
    void losesNoJobWhenRedisIsKilledAgainAndAgain() throws Exception {
        Set<String> ran = ConcurrentHashMap.newKeySet();
        List<String> ids = accept(200);
        route("job-queue:vitrine?concurrentConsumers=4", exchange -> {
            ran.add(exchange.getMessage().getBody(String.class));
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        });
        for (int i = 1; i <= 3; i++) {
            int some = i * 40;
            await().until(() -> ran.size() >= some);
            long killed = server.pid();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await().until(() -> server.pid() != killed);
        }

        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ids).extracting(this::status).containsOnly(JobStatus.COMPLETED));
        assertThat(ran).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(queue.depth())
                .extracting(Depth::waiting, Depth::leased, Depth::later)
                .containsOnly(0L);
    }

    @Test
    void repeatsWhatRedisCouldNotBeToldUntilItIsBack() throws Exception {
        String id = accept(1).get(0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        route("job-queue:vitrine?concurrentConsumers=2", exchange -> {
            runs.incrementAndGet();
            running.countDown();
            gate.await();
        });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
        HealthCheck health =
                HealthCheckRegistry.get(camel).getCheck("job-queue").orElseThrow();

        signal("-STOP");
        gate.countDown();
        await().until(() -> health.call().getState() == HealthCheck.State.DOWN);
        // Long enough for several tries to fail.
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        signal("-CONT");
        long back = System.nanoTime();

        await().ignoreExceptions().until(() -> status(id) == JobStatus.COMPLETED);
        Duration recovery = Duration.ofNanos(System.nanoTime() - back);
        System.out.printf("Settled %d ms after Redis came back%n", recovery.toMillis());
        assertThat(recovery).isLessThan(Duration.ofSeconds(2));
        assertThat(runs).hasValue(1);
        await().until(() -> health.call().getState() == HealthCheck.State.UP);
        assertThat(log.levels()).containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void startsWithoutRedisAndTakesJobsSoonAfterItComes() throws Exception {
        String id = accept(1).get(0);
        signal("-STOP");
        route("job-queue:vitrine", exchange -> {});
        await().until(() -> !log.levels().isEmpty());
        signal("-CONT");
        long back = System.nanoTime();

        await().ignoreExceptions().until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void stopsSoonWhileRedisIsAway() throws Exception {
        route("job-queue:vitrine", exchange -> {});
        await().until(() -> queue.depth().workers() == 1);
        signal("-STOP");
        await().until(() -> !log.levels().isEmpty());

        long before = System.nanoTime();
        camel.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void doesNotEndAJobThatAnotherWorkerTookOver() throws Exception {
        String id = accept(1).get(0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        route("job-queue:vitrine?concurrentConsumers=1&lease=60000", exchange -> {
            running.countDown();
            gate.await();
        });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
        Delivery other = await().until(() -> takeOver(id), Objects::nonNull);

        gate.countDown();

        await().until(() ->
                meters.counter("vitrine.queue.leases.lost", "queue", "vitrine").count() == 1);
        assertThat(status(id)).isEqualTo(JobStatus.PROCESSING);
        assertThat(queue.complete(other, "m")).isTrue();
        assertThat(queue.totals().completed()).isOne();
    }

    /** Redis has given the job to a worker that does not know of it. */
    @Test
    void aLostAnswerCostsAJobNoLease() throws Exception {
        int port = URI.create(server.url()).getPort();
        try (TcpProxy network = new TcpProxy(port);
                RedisConnections through =
                        new RedisConnections(server.url().replace(":" + port, ":" + network.port()))) {
            camel.getRegistry().bind("redisConnections", through);
            queue.take(1, "w", Duration.ofMinutes(1)); // Redis knows the script
            String id = accept(1).get(0);
            network.loseAnswerTo("$1\r\n1\r\n$5\r\n54321\r\n"); // whether to look at the list, then the lease
            route("job-queue:vitrine?lease=54321", exchange -> {});

            await().atMost(Duration.ofSeconds(10)).until(() -> status(id) == JobStatus.COMPLETED);
            assertThat(store.find(id).orElseThrow().attempts()).isOne();
            camel.stop();
        }
    }

    /** The job of a worker that seems to have been paused for longer than its lease; null when it renewed it just now. */
    private Delivery takeOver(String id) {
        connections.template().opsForZSet().add("{vitrine}:leases", id, 1);
        return queue.take(1, "other", Duration.ofMinutes(1)).deliveries().stream()
                .filter(delivery -> delivery.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private void route(String from, Processor processor) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(from).routeId("jobs").process(processor);
            }
        });
        camel.start();
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(server.pid())).start().waitFor();
    }

    private JobStatus status(String id) {
        return store.find(id).map(JobState::status).orElse(null);
    }

    private List<String> accept(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    String id = UuidCreator.getTimeOrderedEpochPlus1().toString();
                    connections.template().opsForHash().putAll("{vitrine}:job:" + id, Map.of("status", "queued"));
                    connections.template().opsForList().leftPush("{vitrine}:jobs", id);
                    return id;
                })
                .toList();
    }
}
