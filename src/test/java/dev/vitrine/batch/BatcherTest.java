package dev.vitrine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.batch.Batcher.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class BatcherTest {

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

    private List<Outcome<Integer>> square(List<Integer> items) {
        sizes.add(items.size());
        return items.stream()
                .map(i -> i < 0 ? Outcome.<Integer>failed(new IllegalArgumentException("negative")) : Outcome.of(i * i))
                .toList();
    }

    @Test
    void answersALoneCallAtOnce() throws Exception {
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 8, List.of(this::square))) {
            assertThat(batcher.call(7, 5, TimeUnit.SECONDS)).isEqualTo(49);
        }
        assertThat(sizes).containsExactly(1);
    }

    @Test
    void fillsBatchesWhileTheHandlerIsBusy() {
        CountDownLatch gate = new CountDownLatch(1);
        Batcher.Handler<Integer, Integer> slow = items -> {
            gate.await();
            return square(items);
        };
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 8, List.of(slow))) {
            CompletableFuture<Integer> first = batcher.submit(0);
            await().until(() -> batcher.waiting() == 0);
            var rest = IntStream.rangeClosed(1, 20).mapToObj(batcher::submit).toList();
            gate.countDown();
            assertThat(first.join()).isZero();
            assertThat(rest.stream().map(CompletableFuture::join))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 20).mapToObj(i -> i * i).toList());
        }
        assertThat(sizes).containsExactly(1, 8, 8, 4);
    }

    @Test
    void gathersCallsThatComeSoonAfterTheFirst() {
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 8, Duration.ofMillis(500), List.of(this::square))) {
            CompletableFuture<Integer> first = batcher.submit(1);
            await().until(() -> batcher.waiting() == 0);
            CompletableFuture<Integer> second = batcher.submit(2);
            assertThat(first.join() + second.join()).isEqualTo(5);
        }
        assertThat(sizes).containsExactly(2);
    }

    @Test
    void failsOneItemAlone() {
        CountDownLatch gate = new CountDownLatch(1);
        Batcher.Handler<Integer, Integer> gated = items -> {
            gate.await();
            return square(items);
        };
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 8, List.of(gated))) {
            var good = batcher.submit(2);
            var bad = batcher.submit(-1);
            var alsoGood = batcher.submit(3);
            gate.countDown();
            assertThat(good.join()).isEqualTo(4);
            assertThat(alsoGood.join()).isEqualTo(9);
            assertThatThrownBy(bad::join).hasRootCauseMessage("negative");
        }
    }

    @Test
    void goesOnAfterAHandlerThrowsAnError() throws Exception {
        Batcher.Handler<Integer, Integer> moody = items -> {
            if (items.contains(13)) {
                throw new OutOfMemoryError("thirteen");
            }
            return square(items);
        };
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 1, List.of(moody))) {
            assertThatThrownBy(() -> batcher.call(13, 5, TimeUnit.SECONDS)).hasRootCauseMessage("thirteen");
            assertThat(batcher.call(4, 5, TimeUnit.SECONDS)).isEqualTo(16);
        }
    }

    @Test
    void leavesOutACallThatGaveUp() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        Batcher.Handler<Integer, Integer> gated = items -> {
            gate.await();
            seen.addAll(items);
            return square(items);
        };
        try (Batcher<Integer, Integer> batcher = new Batcher<>("t", 1, List.of(gated))) {
            var first = batcher.submit(1);
            await().until(() -> batcher.waiting() == 0);
            assertThatThrownBy(() -> batcher.call(2, 1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            var third = batcher.submit(3);
            gate.countDown();
            assertThat(first.join()).isEqualTo(1);
            assertThat(third.join()).isEqualTo(9);
        }
        assertThat(seen).containsExactly(1, 3);
    }

    @Test
    void refusesCallsAfterClose() {
        Batcher<Integer, Integer> batcher = new Batcher<>("t", 1, List.of(this::square));
        batcher.close();
        assertThatThrownBy(() -> batcher.call(1, 5, TimeUnit.SECONDS)).isInstanceOf(Batcher.ClosedException.class);
    }

    /** A call that is refused must not take with it what wakes the threads. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void closesWhileCallsComeIn() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5_000; round++) {
                Batcher<Integer, Integer> batcher = new Batcher<>("t", 2, List.of(this::square, this::square));
                CountDownLatch ready = new CountDownLatch(4);
                Callable<List<CompletableFuture<Integer>>> call = () -> {
                    ready.countDown();
                    return IntStream.range(0, 20).mapToObj(batcher::submit).toList();
                };
                var calls =
                        List.of(callers.submit(call), callers.submit(call), callers.submit(call), callers.submit(call));
                ready.await();
                batcher.close();
                for (var answers : calls) {
                    answers.get().forEach(answer -> assertThat(answer).isDone());
                }
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
