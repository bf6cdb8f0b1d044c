package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.testing.Place;
import dev.vitrine.testing.RedisCluster;
import dev.vitrine.testing.RedisNode;
import dev.vitrine.testing.RedisSentinels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** With a real failover, ordered rather than waited for, of each kind. */
class RedisFailoverTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration GIVEN_UP = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    @Test
    void followsTheMasterThatTheSentinelsName() {
        try (RedisSentinels redis = RedisSentinels.start(folder, List.of(Place.HERE), 1, Duration.ofSeconds(2));
                RedisConnections connections = new RedisConnections(redis.url())) {
            JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
            assertThat(examined(redis.url().replace(RedisSentinels.NAME, "another"))
                            .get("redis"))
                    .contains("knows no master of the name 'another'");
            assertThat(examined(redis.master().url()).get("redis")).contains("127.0.0.1");
            assertThat(examined(redis.sentinels().get(0).url()).get("redis")).contains("is a sentinel");
            push(connections, "before");
            assertThat(queue.take(1, "w", LEASE).deliveries()).hasSize(1);
            RedisNode former = redis.master();
            Wakeup wakeup = new Wakeup(
                    () -> connections.openBlocking(Duration.ofSeconds(1)), connections::isCurrent, "{vitrine}:jobs");
            assertThat(wakeup.await(Duration.ofMillis(10))).isFalse();

            redis.sentinels().get(0).order(sentinel -> sentinel.sentinelFailover(RedisSentinels.NAME));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> redis.servers().get(1).isMaster());

            // The former master goes on taking writes for ten seconds more, which are lost.
            await().atMost(Duration.ofSeconds(3))
                    .ignoreExceptionsInstanceOf(JedisException.class)
                    .until(() -> !connections.master().equals(former.address()));
            push(connections, "after");
            assertThat(wakeup.await(Duration.ofSeconds(1))).isTrue();
            assertThat(queue.take(1, "w", LEASE).deliveries())
                    .extracting(Delivery::id)
                    .containsExactly("after");
            wakeup.close();
            assertThat(examined(redis.url())).containsEntry("redis sentinels", "3 of 3 answer");
            assertThat(examined(redis.url()).get("redis"))
                    .contains("answers at " + redis.servers().get(1).address());
        }
    }

    @Test
    void followsTheMasterOfEachQueueInACluster() {
        try (RedisCluster redis = RedisCluster.start(folder, List.of(Place.HERE), 2, 1, Duration.ofSeconds(2));
                RedisConnections connections = new RedisConnections(redis.url())) {
            RedisConnections others = connections.of("vitrine-callbacks");
            JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
            JobQueue callbacks = new JobQueue(others.template(), "vitrine-callbacks", QueueSettings.DEFAULT);
            push(connections, "before");
            others.template().opsForList().leftPush("{vitrine-callbacks}:jobs", "c");
            assertThat(callbacks.take(1, "w", LEASE).deliveries()).hasSize(1);
            assertThat(connections.master()).isNotEqualTo(others.master());

            RedisNode former = redis.masterOf("{vitrine}:jobs");
            assertThat(examined(former.url()).get("redis")).contains("is a node of a cluster");
            assertThat(examined(redis.url()).get("redis")).contains("with the queue at " + former.address());
            failOver(redis, former);

            await().atMost(Duration.ofSeconds(5))
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> queue.take(1, "w", LEASE).deliveries().size() == 1);
            assertThat(connections.master()).isNotEqualTo(former.address());
        }
    }

    /** A cluster gives a failover up that was ordered and takes it 5 s, and says so to nobody. */
    private static void failOver(RedisCluster redis, RedisNode former) {
        RedisNode replica = redis.replicaOf(former);
        long[] ordered = {0};
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (former.isMaster() && (ordered[0] == 0 || System.nanoTime() - ordered[0] > GIVEN_UP.toNanos())) {
                replica.order(Jedis::clusterFailover);
                ordered[0] = System.nanoTime();
            }
            return !former.isMaster();
        });
    }

    /** What doctor sees of each thing. */
    private static Map<String, String> examined(String url) {
        return new RedisExamination(new RedisSettings(url, Duration.ofDays(7)), Clock.systemUTC())
                .run().stream().collect(Collectors.toMap(Diagnosis::subject, Diagnosis::found));
    }

    private static void push(RedisConnections connections, String id) {
        connections.template().opsForList().leftPush("{vitrine}:jobs", id);
    }
}
