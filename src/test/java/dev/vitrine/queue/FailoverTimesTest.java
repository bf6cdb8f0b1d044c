package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.testing.RedisCluster;
import dev.vitrine.testing.RedisNode;
import dev.vitrine.testing.RedisSentinels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;

/** How long three workers take no jobs when the master dies or hangs, and what becomes of the jobs. */
@Tag("cluster")
class FailoverTimesTest {
    private static final int WORKERS = 3;
    private static final Duration PROMISED = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"kill", "pause"})
    void sentinel(String fault) throws Exception {
        try (RedisSentinels redis = RedisSentinels.start(folder)) {
            measure("Sentinel", fault, redis.url(), redis.master(), redis.servers());
        }
    }

    @ParameterizedTest
    @CsvSource({"kill", "pause"})
    void cluster(String fault) throws Exception {
        try (RedisCluster redis = RedisCluster.start(folder)) {
            RedisNode master = redis.masterOf("{vitrine}:jobs");
            List<RedisNode> others =
                    redis.nodes().stream().filter(node -> !node.isMaster()).toList();
            measure("Cluster", fault, redis.url(), master, others);
        }
    }

    /** @param servers those of which one becomes the master */
    private static void measure(String kind, String fault, String url, RedisNode master, List<RedisNode> servers)
            throws Exception {
        List<RedisNode> heirs = servers.stream().filter(node -> node != master).toList();
        List<QueueWorker> workers = new ArrayList<>();
        try (RedisConnections connections = new RedisConnections(url)) {
            JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
            for (int i = 0; i < WORKERS; i++) {
                workers.add(new QueueWorker(url, "worker-" + i));
            }
            ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
            Thread client = new Thread(() -> accept(connections, accepted), "client");
            client.start();
            await().atMost(PROMISED).until(() -> workers.stream().allMatch(worker -> worker.taken() > 20));

            long fell = System.nanoTime();
            Consumer<RedisNode> how = fault.equals("kill") ? RedisNode::kill : RedisNode::pause;
            how.accept(master);
            await().atMost(PROMISED).pollInterval(Duration.ofMillis(10)).until(() -> heirs.stream()
                    .anyMatch(RedisNode::isMaster));
            long elected = System.nanoTime();
            await().atMost(PROMISED)
                    .until(() -> workers.stream().allMatch(worker -> worker.firstTakenAfter(elected) > 0));

            long slowest = workers.stream()
                    .mapToLong(worker -> worker.firstTakenAfter(elected))
                    .max()
                    .orElseThrow();
            long quickest = workers.stream()
                    .mapToLong(worker -> worker.firstTakenAfter(elected))
                    .min()
                    .orElseThrow();
            client.interrupt();
            client.join();
            if (fault.equals("pause")) {
                master.resume();
            }
            List<String> all = List.copyOf(accepted);
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> unfinished(queue, all).isEmpty());
            System.out.printf(
                    "%s, %s: new master after %.1f s, then the first job of %d workers after %.1f to %.1f s;"
                            + " %d accepted, %d runs%n",
                    kind,
                    fault,
                    (elected - fell) / 1e9,
                    WORKERS,
                    (quickest - elected) / 1e9,
                    (slowest - elected) / 1e9,
                    all.size(),
                    workers.stream().mapToInt(QueueWorker::taken).sum());
            assertThat(Duration.ofNanos(slowest - elected)).isLessThan(PROMISED);
            assertThat(queue.depth())
                    .extracting(Depth::waiting, Depth::leased, Depth::later, Depth::dead)
                    .containsOnly(0L);
        } finally {
            workers.forEach(QueueWorker::close);
        }
    }

    /** A job is accepted when it is in the spool, here in the list; Redis hears of it where it can. */
    private static void accept(RedisConnections connections, ConcurrentLinkedQueue<String> accepted) {
        while (!Thread.currentThread().isInterrupted()) {
            String id = UuidCreator.getTimeOrderedEpochPlus1().toString();
            accepted.add(id);
            try {
                connections.template().opsForHash().putAll("{vitrine}:job:" + id, Map.of("status", "queued"));
                connections.template().opsForList().leftPush("{vitrine}:jobs", id);
            } catch (DataAccessException e) {
                // upkeep does it
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Those that have not ended, after what upkeep does. */
    private static List<String> unfinished(JobQueue queue, List<String> accepted) {
        RedisJobStore store = new RedisJobStore(queue);
        Map<String, JobState> states = store.findAll(accepted);
        List<String> unfinished = accepted.stream()
                .filter(id -> !states.containsKey(id) || states.get(id).status() != JobStatus.COMPLETED)
                .toList();
        unfinished.forEach(id -> queue.upkeep()
                .enqueueIfMissing(
                        new JobState(
                                id,
                                "p",
                                "main",
                                "n",
                                JobStatus.QUEUED,
                                0,
                                "2026-01-01T00:00:00.000Z",
                                null,
                                null,
                                null,
                                null,
                                null),
                        1));
        return unfinished;
    }
}
