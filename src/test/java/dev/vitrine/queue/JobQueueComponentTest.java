package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.testing.LogLines;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(RedisExtension.class)
class JobQueueComponentTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private StringRedisTemplate redis;
    private JobQueue queue;
    private RedisJobStore store;

    @BeforeEach
    void prepare(RedisConnections connections) {
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
        store = new RedisJobStore(queue);
        camel.getRegistry().bind("redisConnections", connections);
        camel.getRegistry().bind("meters", meters);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void runsOneExchangeAJobAndCompletesIt() throws Exception {
        Queue<Map<String, Object>> seen = new ConcurrentLinkedQueue<>();
        List<String> ids = accept(3);
        route("job-queue:vitrine", exchange -> {
            seen.add(Map.of(
                    "body", exchange.getMessage().getBody(),
                    "id", exchange.getMessage().getHeader("VitrineJobId"),
                    "attempts", exchange.getMessage().getHeader("VitrineJobAttempts"),
                    "deliveries", exchange.getMessage().getHeader("VitrineJobDeliveries")));
            exchange.getMessage().setHeader("VitrineModel", "clip");
        });

        await().untilAsserted(() -> assertThat(ids).allSatisfy(id -> {
            assertThat(status(id)).isEqualTo(JobStatus.COMPLETED);
            assertThat(store.find(id).orElseThrow().model()).isEqualTo("clip");
        }));
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(ids.stream()
                        .map(id -> Map.<String, Object>of("body", id, "id", id, "attempts", 1, "deliveries", 1))
                        .toList());
        assertThat(meters.counter("vitrine.queue.completed", "queue", "vitrine").count())
                .isEqualTo(3);
        assertThat(meters.get("vitrine.queue.wait").timer().count()).isEqualTo(3);
    }

    @Test
    void putsAJobOffForAsLongAsTheExchangeSays() throws Exception {
        String id = accept(1).get(0);
        AtomicInteger runs = new AtomicInteger();
        route("job-queue:vitrine", exchange -> {
            if (runs.incrementAndGet() == 1) {
                exchange.getMessage().setHeader("VitrineRetryDelay", 60);
                exchange.setException(new IllegalStateException("ask again"));
                camel.createProducerTemplate().send("job-queue:vitrine?operation=retry&delay=1h&maxDelay=1h", exchange);
                exchange.setException(null);
            }
        });
        await().until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(store.find(id).orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void anAttemptThatWasPostponedDoesNotCount() throws Exception {
        String id = accept(1).get(0);
        Queue<Object> attempts = new ConcurrentLinkedQueue<>();
        route("job-queue:vitrine?maxAttempts=2", exchange -> {
            attempts.add(exchange.getMessage().getHeader("VitrineJobAttempts"));
            if (attempts.size() < 4) {
                camel.createProducerTemplate()
                        .send("job-queue:vitrine?operation=postpone&delay=1&maxAttempts=2", exchange);
            }
        });
        await().until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(attempts).containsExactly(1, 1, 1, 1);
        assertThat(queue.totals()).isEqualTo(new Totals(1, 0, 0, 0));
    }

    @Test
    void putsAJobOffWhoseRouteThrowsAndRunsItAgain() throws Exception {
        String id = accept(1).get(0);
        AtomicInteger runs = new AtomicInteger();
        route("job-queue:vitrine?delay=50", exchange -> {
            if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException("outer", new IllegalStateException("the index is away"));
            }
        });

        await().until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(runs).hasValue(3);
        assertThat(queue.totals()).isEqualTo(new Totals(1, 0, 2, 0));
        assertThat(store.find(id).orElseThrow().attempts()).isEqualTo(3);
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        List<String> ids = accept(3);
        AtomicInteger runs = new AtomicInteger();
        route("job-queue:vitrine?concurrentConsumers=1&delay=10", exchange -> {
            if (runs.getAndIncrement() == 0) {
                throw new OutOfMemoryError("for a test");
            }
        });

        await().until(() -> queue.totals().completed() == 3);
        assertThat(ids).extracting(this::status).containsOnly(JobStatus.COMPLETED);
        assertThat(runs).hasValue(4);
    }

    @Test
    void givesAJobUpAtItsLastAttemptWithTheReason() throws Exception {
        String id = accept(1).get(0);
        route("job-queue:vitrine?delay=1&maxAttempts=2", exchange -> {
            throw new IllegalStateException("outer", new IllegalArgumentException("the index is away"));
        });

        await().until(() -> status(id) == JobStatus.FAILED);
        assertThat(store.find(id).orElseThrow().error())
                .isEqualTo("gave up after 2 attempts: outer (the index is away)");
    }

    @Test
    void settlesAsTheRouteSays() throws Exception {
        List<String> ids = accept(3);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(IllegalArgumentException.class).handled(true).to("job-queue:vitrine?operation=fail");
                onException(IllegalStateException.class)
                        .handled(true)
                        .to("job-queue:vitrine?operation=retry&delay=60000&jitter=0");
                from("job-queue:vitrine")
                        .process(exchange -> {
                            String id = exchange.getMessage().getBody(String.class);
                            if (id.equals(ids.get(0))) {
                                throw new IllegalArgumentException("not a picture");
                            }
                            if (id.equals(ids.get(1))) {
                                throw new IllegalStateException("outer", new IllegalStateException("away"));
                            }
                        })
                        .removeHeaders("*")
                        .setHeader("VitrineModel", constant("clip"))
                        .to("job-queue:vitrine?operation=complete")
                        .removeHeaders("*");
            }
        });
        camel.start();

        await().untilAsserted(() -> assertThat(ids)
                .extracting(this::status)
                .containsExactly(JobStatus.FAILED, JobStatus.RETRYING, JobStatus.COMPLETED));
        assertThat(store.find(ids.get(0)).orElseThrow().error()).isEqualTo("not a picture");
        assertThat(store.find(ids.get(1)).orElseThrow().error()).isEqualTo("outer (away)");
        assertThat(store.find(ids.get(2)).orElseThrow().model()).isEqualTo("clip");
        assertThat(redis.opsForHash()
                        .get("{vitrine}:job:" + ids.get(1), "digest")
                        .toString())
                .matches("[0-9a-f]{12}");
        assertThat(redis.opsForZSet().score("{vitrine}:later", ids.get(1)))
                .isBetween(System.currentTimeMillis() + 50_000.0, System.currentTimeMillis() + 60_000.0);
        assertThat(meters.counter("vitrine.queue.leases.lost", "queue", "vitrine")
                        .count())
                .isZero();
    }

    @Test
    void renewsTheLeaseOfASlowJob() throws Exception {
        String id = accept(1).get(0);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        route("job-queue:vitrine?lease=300", exchange -> {
            runs.incrementAndGet();
            gate.await();
        });
        await().until(() -> runs.get() == 1);

        await().pollDelay(Duration.ofMillis(1_000)).untilAsserted(() -> assertThat(
                        queue.take(1, "thief", Duration.ofSeconds(1)).deliveries())
                .isEmpty());
        gate.countDown();

        await().until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(runs).hasValue(1);
    }

    @Test
    void takesOverTheJobOfAWorkerThatVanished() throws Exception {
        String id = accept(1).get(0);
        Duration lease = Duration.ofMillis(300);
        queue.take(1, "vanished", lease);
        route("job-queue:vitrine", exchange -> {});

        await().atMost(lease.plusSeconds(5)).until(() -> status(id) == JobStatus.COMPLETED);
        assertThat(meters.counter("vitrine.queue.redelivered", "queue", "vitrine")
                        .count())
                .isOne();
    }

    @Test
    void takesNoMoreJobsThanItHasSlots() throws Exception {
        accept(10);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        route("job-queue:vitrine?concurrentConsumers=3", exchange -> {
            running.incrementAndGet();
            gate.await();
        });

        await().until(() -> running.get() == 3);
        assertThat(queue.depth()).extracting(Depth::waiting, Depth::leased).containsExactly(7L, 3L);
        gate.countDown();
        await().until(() -> queue.totals().completed() == 10);
    }

    @Test
    void handsBackWhatOutlivesTheShutdownTimeout() throws Exception {
        List<String> ids = accept(2);
        CountDownLatch running = new CountDownLatch(2);
        route("job-queue:vitrine", exchange -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
        camel.getShutdownStrategy().setTimeout(1);

        camel.stop();

        assertThat(queue.depth()).extracting(Depth::waiting, Depth::leased).containsExactly(2L, 0L);
        assertThat(ids).extracting(this::status).containsOnly(JobStatus.QUEUED);
        assertThat(queue.take(2, "w", Duration.ofSeconds(1)).deliveries())
                .extracting(Delivery::deliveries)
                .containsOnly(1);
    }

    @Test
    void waitsForWhatIsInFlightWhenItStops() throws Exception {
        String id = accept(1).get(0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        route("job-queue:vitrine", exchange -> {
            running.countDown();
            gate.await();
        });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();

        Thread stopping = new Thread(camel::stop);
        stopping.start();
        await().until(() -> camel.isStopping());
        String late = accept(1).get(0);
        gate.countDown();
        stopping.join();

        assertThat(status(id)).isEqualTo(JobStatus.COMPLETED);
        assertThat(status(late)).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void stopsAtOnceWhenIdle() throws Exception {
        route("job-queue:vitrine", exchange -> {});
        await().until(() -> queue.depth().workers() == 1);

        long before = System.nanoTime();
        camel.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(queue.depth().workers()).isZero();
    }

    @Test
    void takesNothingWhileSuspendedAndGoesOnWhenResumed() throws Exception {
        route("job-queue:vitrine", exchange -> {});
        camel.getRouteController().suspendRoute("jobs");
        String id = accept(1).get(0);

        await().during(Duration.ofMillis(300)).until(() -> status(id) == JobStatus.QUEUED);
        camel.getRouteController().resumeRoute("jobs");

        await().until(() -> status(id) == JobStatus.COMPLETED);
    }

    @Test
    void wakesWithinMillisecondsOfAPush() throws Exception {
        Queue<Long> starts = new ConcurrentLinkedQueue<>();
        route("job-queue:vitrine", exchange -> starts.add(System.nanoTime()));
        accept(1);
        await().until(() -> starts.size() == 1);
        long[] waits = IntStream.range(0, 20)
                .mapToLong(i -> {
                    await().until(() -> blockedClients() == 1);
                    starts.clear();
                    String id = accept();
                    long pushed = System.nanoTime();
                    await().until(() -> status(id) == JobStatus.COMPLETED);
                    return Math.max(0, starts.element() - pushed) / 1_000;
                })
                .sorted()
                .toArray();

        System.out.printf("From LPUSH to exchange: median %d µs, worst of 20 %d µs%n", waits[10], waits[19]);
        assertThat(waits[10]).isLessThan(50_000);
    }

    @Test
    void asksRedisAFewTimesASecondWhenIdle() throws Exception {
        route("job-queue:vitrine", exchange -> {});
        await().until(() -> blockedClients() == 1);
        long before = commandsProcessed();
        long start = System.nanoTime();
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
        double seconds = (System.nanoTime() - start) / 1e9;

        double rate = (commandsProcessed() - before) / seconds;

        System.out.printf("Idle: %.1f commands a second, those inside scripts included%n", rate);
        assertThat(rate).isLessThan(7);
    }

    @Test
    void isReadyWhileRedisAnswers() throws Exception {
        route("job-queue:vitrine", exchange -> {});

        HealthCheck check = HealthCheckRegistry.get(camel).getCheck("job-queue").orElseThrow();

        assertThat(check.isReadiness()).isTrue();
        assertThat(check.isLiveness()).isFalse();
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
        camel.getRouteController().stopRoute("jobs");
        assertThat(HealthCheckRegistry.get(camel).getCheck("job-queue")).isEmpty();
    }

    @Test
    void runsThousandsOfJobsASecond() throws Exception {
        int count = 5_000;
        redis.opsForList()
                .leftPushAll(
                        "{vitrine}:jobs",
                        Stream.generate(() ->
                                        UuidCreator.getTimeOrderedEpochPlus1().toString())
                                .limit(count)
                                .toList());
        long start = System.nanoTime();
        route("job-queue:vitrine", exchange -> {});

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> queue.totals().completed() == count);
        System.out.printf("Empty route: %.0f jobs a second%n", count / ((System.nanoTime() - start) / 1e9));
        assertThat(queue.depth()).extracting(Depth::waiting, Depth::leased).containsExactly(0L, 0L);
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

    private JobStatus status(String id) {
        return store.find(id).map(JobState::status).orElse(null);
    }

    private long blockedClients() {
        return Long.parseLong(info("clients").getProperty("blocked_clients"));
    }

    /** Of every command but those with which this test looks. */
    private long commandsProcessed() {
        return info("commandstats").entrySet().stream()
                .filter(entry -> !entry.getKey().toString().matches("cmdstat_(info|config.*|ping|client.*|hello|auth)"))
                .mapToLong(entry -> Long.parseLong(entry.getValue().toString().replaceAll("calls=(\\d+),.*", "$1")))
                .sum();
    }

    private Properties info(String section) {
        return redis.execute((RedisCallback<Properties>)
                connection -> connection.serverCommands().info(section));
    }

    private List<String> accept(int count) {
        return IntStream.range(0, count).mapToObj(i -> accept()).toList();
    }

    private String accept() {
        String id = UuidCreator.getTimeOrderedEpochPlus1().toString();
        redis.opsForHash().putAll("{vitrine}:job:" + id, Map.of("job_id", id, "product_id", "p", "status", "queued"));
        redis.opsForList().leftPush("{vitrine}:jobs", id);
        return id;
    }

    @Test
    void saysWhichJobFailedAndWhy() throws Exception {
        try (LogLines log = new LogLines(JobQueueConsumer.class)) {
            String id = accept();
            route("job-queue:vitrine?maxAttempts=1", exchange -> {
                throw new IllegalStateException("no room for it");
            });

            await().until(() -> status(id) == JobStatus.FAILED);
            await().untilAsserted(() -> assertThat(log.messages()).hasSize(1));
            assertThat(log.messages().get(0))
                    .isEqualTo("Job " + id + " of product p failed: gave up after 1 attempts: no room for it");
        }
    }
}
