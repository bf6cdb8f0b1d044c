package dev.vitrine.intake.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.intake.idempotency.Reservation.State;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.queue.RedisConnections;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where keys are remembered. */
class KeyMemoryTest {
    @Test
    void aReservationInRedisGoesFromOneJobToTheNextOnlyWhenItsProcessIsGone(@TempDir Path folder) throws IOException {
        try (EmbeddedRedis server = EmbeddedRedis.start(folder);
                RedisConnections redis = new RedisConnections(server.url())) {
            RedisKeys keys = new RedisKeys(redis.template(), "k:", Duration.ofMillis(300), Duration.ofHours(1));

            assertThat(keys.reserve("a", "print", "job-1", "").state()).isEqualTo(State.NEW);
            assertThat(keys.reserve("a", "print", "job-2", "").state()).isEqualTo(State.RUNNING);
            Awaitility.await()
                    .until(() -> keys.reserve("a", "print", "job-2", "").state() == State.LEFT);
            keys.renew("a", "job-1");
            assertThat(keys.reserve("a", "print", "job-2", "").state()).isEqualTo(State.RUNNING);
            assertThat(keys.reserve("a", "print", "job-2", "job-1").state()).isEqualTo(State.NEW);
            keys.done("a", "job-1", "queued"); // too late
            keys.done("a", "job-2", "indexed");
            keys.free("a", "job-2"); // too late
            assertThat(keys.reserve("a", "other", "job-3", ""))
                    .isEqualTo(new Reservation(State.DONE, "print", "job-2", "indexed"));
        }
    }

    @Test
    void thisProcessForgetsAfterADayAndTheOldestFirst() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        LocalKeys keys = new LocalKeys(2, Duration.ofDays(1), clock(now::get));

        keys.reserve("a", "print", "job-1", "");
        keys.done("a", "job-1", "indexed");
        assertThat(keys.reserve("a", "print", "job-2", ""))
                .isEqualTo(new Reservation(State.DONE, "print", "job-1", "indexed"));
        keys.reserve("b", "print", "job-3", "");
        keys.free("b", "job-3");
        assertThat(keys.reserve("b", "print", "job-4", "").state()).isEqualTo(State.NEW);

        now.set(Instant.EPOCH.plus(Duration.ofDays(2)));
        assertThat(keys.reserve("a", "print", "job-5", "").state()).isEqualTo(State.NEW);
    }

    private static Clock clock(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }
}
