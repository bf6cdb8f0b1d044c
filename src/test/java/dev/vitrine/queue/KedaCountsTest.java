package dev.vitrine.queue;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.kubernetes.Manifests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The keys that KEDA counts hold every job that is owed, wherever it is, and none that is not. */
@ExtendWith(RedisExtension.class)
class KedaCountsTest {
    private StringRedisTemplate redis;
    private JobQueue queue;

    @BeforeEach
    void connect(RedisConnections connections) {
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
    }

    @Test
    void countsAJobUntilItHasEnded() throws Exception {
        assertThat(counted()).isZero();
        for (String id : List.of("a", "b", "c", "d")) {
            redis.opsForList().leftPush("{vitrine}:jobs", id);
        }
        assertThat(counted()).as("all wait").isEqualTo(4);

        List<Delivery> held = queue.take(4, "worker", Duration.ofSeconds(30)).deliveries();
        assertThat(counted()).as("the list is empty, workers are busy").isEqualTo(4);

        queue.putOff(held.get(0), Duration.ofMinutes(5), "the index is away", "");
        queue.complete(held.get(1), "model");
        queue.bury(held.get(2), "no picture", "");
        queue.complete(held.get(3), "model");
        assertThat(counted()).as("one comes back, and wakes a worker by then").isEqualTo(1);
        redis.opsForList().leftPush("{vitrine-callbacks}:jobs", "webhook");
        assertThat(counted()).as("workers send webhooks").isEqualTo(2);
    }

    /** As KEDA's scaler does: the length of a list, the cardinality of a sorted set, 0 for what is not there. */
    private long counted() throws Exception {
        long sum = 0;
        Object workers = Manifests.files(Manifests.BASE).get("ScaledObject", "vitrine-worker");
        for (Object trigger : list(workers, "spec", "triggers")) {
            String key = at(trigger, "metadata", "listName").toString();
            sum += switch (redis.type(key)) {
                case LIST -> redis.opsForList().size(key);
                case ZSET -> redis.opsForZSet().zCard(key);
                case NONE -> 0;
                default -> throw new AssertionError(key + " is neither a list nor a sorted set");
            };
        }
        return sum;
    }
}
