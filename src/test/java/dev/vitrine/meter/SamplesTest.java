package dev.vitrine.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Samples samples = new Samples(meters);
    private final CountDownLatch hangs = new CountDownLatch(1);

    @AfterEach
    void end() {
        hangs.countDown();
        samples.close();
    }

    @Test
    void aValueThatIsQuickIsThereAtOnce() {
        Sample<Integer> sample = samples.of(Duration.ofSeconds(1), () -> 7);

        assertThat(sample.value()).contains(7);
    }

    @Test
    void whoAsksWaitsOnceForAllThatHang() {
        List<Sample<Integer>> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hanging.add(samples.of(Duration.ZERO, () -> {
                hangs.await();
                return 1;
            }));
        }
        long start = System.nanoTime();

        hanging.forEach(
                sample -> assertThat(sample.number(Integer::doubleValue)).isNaN());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(400));
        assertThat(hanging.get(0).isPendingFor(Duration.ZERO)).isTrue();
    }

    @Test
    void theLastValueStaysAndGrowsOldWhenThereIsNoNewOne() {
        AtomicInteger reads = new AtomicInteger();
        Sample<Integer> sample = samples.named("queue", Duration.ZERO, () -> {
            if (reads.incrementAndGet() > 1) {
                throw new IllegalStateException("away");
            }
            return 7;
        });
        assertThat(sample.value()).contains(7);

        await().atMost(Duration.ofSeconds(5)).until(() -> sample.ageSeconds() > 0.6);

        await().atMost(Duration.ofSeconds(5)).until(() -> sample.value().isPresent() && reads.get() > 1);
        assertThat(sample.value()).contains(7);
        assertThat(meters.get("vitrine.sample.age").tag("of", "queue").gauge().value())
                .isGreaterThan(0.6);
    }

    @Test
    void nothingIsReadWhileNobodyAsks() {
        AtomicInteger reads = new AtomicInteger();
        samples.of(Duration.ZERO, reads::incrementAndGet);

        assertThat(reads).hasValue(0);
    }

    @Test
    void namesBeyondTheFirstOnesAreOne() {
        BoundedNames names = new BoundedNames(2);

        assertThat(List.of("a", "b", "c", "a", "d").stream().map(names::of))
                .containsExactly("a", "b", "other", "a", "other");
    }
}
