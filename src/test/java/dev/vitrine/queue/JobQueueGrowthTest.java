package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.StringRedisTemplate;

/** What a job costs, by how many wait. Run with {@code -Dexcluded.groups= -Dtest=JobQueueGrowthTest}. */
@Tag("slow")
@ExtendWith(RedisExtension.class)
class JobQueueGrowthTest {

    private static final int ROUNDS = 1_000;
    private static final Duration LEASE = Duration.ofSeconds(30);

    private RedisConnections connections;
    private StringRedisTemplate redis;
    private JobQueue queue;

    @BeforeEach
    void connect(RedisConnections connections) {
        this.connections = connections;
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
    }

    @Test
    void takesAJobFromAMillionAsFastAsFromOne() {
        fill(5_000);
        microsPerJob(5_000);
        List<Double> costs = new ArrayList<>();
        for (int waiting : new int[] {1, 10_000, 1_000_000}) {
            fill(waiting - (int) queue.depth().waiting());
            double cost = microsPerJob(ROUNDS);
            System.out.printf("%,d waiting: %.0f µs to take one job and complete it%n", waiting, cost);
            costs.add(cost);
        }

        assertThat(costs.get(2)).isLessThan(costs.get(0) * 2);
    }

    @Test
    void runsJobsThroughAnEmptyRoute() throws Exception {
        int count = 50_000;
        fill(count);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("redisConnections", connections);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("job-queue:vitrine").routeId("jobs").process(exchange -> {});
                }
            });
            camel.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> queue.totals().completed() >= count / 2);
            long warm = queue.totals().completed();
            long start = System.nanoTime();
            await().atMost(Duration.ofMinutes(1)).until(() -> queue.totals().completed() == count);
            System.out.printf(
                    "Empty route, 16 at a time: %,.0f jobs a second%n",
                    (count - warm) / ((System.nanoTime() - start) / 1e9));
        }
        assertThat(queue.depth()).extracting(Depth::waiting, Depth::leased).containsOnly(0L);
    }

    /** Takes and completes one job at a time; as many jobs wait afterwards as before. */
    private double microsPerJob(int rounds) {
        long spent = 0;
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            Delivery delivery = queue.take(1, "w", LEASE).deliveries().get(0);
            queue.complete(delivery, "m");
            spent += System.nanoTime() - start;
            fill(1);
        }
        return spent / 1e3 / rounds;
    }

    /** Pushes ids in thousands; without hashes, which only the taken ones need here. */
    private void fill(int count) {
        for (int left = count; left > 0; left -= 1_000) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < Math.min(1_000, left); i++) {
                ids.add(UuidCreator.getTimeOrderedEpochPlus1().toString());
            }
            redis.opsForList().leftPushAll("{vitrine}:jobs", ids);
        }
    }
}
