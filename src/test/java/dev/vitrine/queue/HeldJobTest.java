package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

class HeldJobTest {
    private static final Delivery DELIVERY = new Delivery("job", "token", 1, 1, 1, "p", Duration.ZERO);

    @Test
    void tellsOnceHowItEndsAlsoWhereRedisIsAwayByThen() {
        List<Settlement> told = new ArrayList<>();
        HeldJob job = new HeldJob(DELIVERY, (held, settlement) -> told.add(settlement));
        Settlement end = job.decide(new Settlement.Complete("model"));
        try (RedisConnections nowhere = new RedisConnections("redis://127.0.0.1:1")) {
            JobQueue queue = new JobQueue(nowhere.template(), "vitrine", QueueSettings.DEFAULT);
            assertThatThrownBy(() -> job.settle(queue)).isInstanceOf(DataAccessException.class);
            assertThatThrownBy(() -> job.settle(queue)).isInstanceOf(DataAccessException.class);
        }
        assertThat(told).containsExactly(end);
    }
}
