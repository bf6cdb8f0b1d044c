package dev.vitrine.bench;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.bench.Report.QueueLength;
import dev.vitrine.queue.Delivery;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisConnections;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What it costs to take a job and complete it, by how many wait. */
final class QueueBench {
    private static final int ROUNDS = 1_000;
    private static final int WARM_UP = 2_000;
    private static final int PUSHED_AT_ONCE = 1_000;
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final int[] lengths;
    private final Path folder;

    QueueBench(int[] lengths, Path folder) {
        this.lengths = lengths;
        this.folder = folder;
    }

    List<QueueLength> run() throws IOException {
        try (EmbeddedRedis server = EmbeddedRedis.start(folder);
                RedisConnections connections = new RedisConnections(server.url())) {
            JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
            push(connections, WARM_UP);
            micros(connections, queue, WARM_UP);
            List<QueueLength> lines = new ArrayList<>();
            for (int length : lengths) {
                long waiting = queue.depth().waiting();
                if (length > waiting) {
                    push(connections, (int) (length - waiting));
                } else {
                    connections.template().opsForList().trim("{vitrine}:jobs", 0, length - 1L);
                }
                lines.add(new QueueLength(length, micros(connections, queue, ROUNDS)));
            }
            return lines;
        }
    }

    private static double micros(RedisConnections connections, JobQueue queue, int rounds) {
        long spent = 0;
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            Delivery delivery = queue.take(1, "bench", LEASE).deliveries().get(0);
            queue.complete(delivery, "bench");
            spent += System.nanoTime() - start;
            push(connections, 1);
        }
        return spent / 1e3 / rounds;
    }

    private static void push(RedisConnections connections, int count) {
        for (int left = count; left > 0; left -= PUSHED_AT_ONCE) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < Math.min(PUSHED_AT_ONCE, left); i++) {
                ids.add(UuidCreator.getTimeOrderedEpochPlus1().toString());
            }
            connections.template().opsForList().leftPushAll("{vitrine}:jobs", ids);
        }
    }
}
