package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(RedisExtension.class)
class JobQueueTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(1);

    private StringRedisTemplate redis;
    private JobQueue queue;
    private RedisJobStore store;

    @BeforeEach
    void connect(RedisConnections connections) {
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
        store = new RedisJobStore(queue);
    }

    @Test
    void takesTheLongestWaitingFirstAndLeasesIt() {
        List<String> ids = accept(3);
        long before = System.currentTimeMillis();

        Taken taken = queue.take(2, "w", LEASE);

        assertThat(taken.deliveries()).extracting(Delivery::id).containsExactly(ids.get(0), ids.get(1));
        assertThat(taken.deliveries()).allSatisfy(delivery -> {
            assertThat(delivery.attempts()).isOne();
            assertThat(delivery.deliveries()).isOne();
            assertThat(delivery.version()).isEqualTo(Job.acceptedAt(delivery.id()));
            assertThat(delivery.waited()).isLessThan(Duration.ofMinutes(1));
            assertThat(delivery.productId()).isEqualTo("p-" + delivery.id());
        });
        assertThat(redis.opsForZSet().score("{vitrine}:leases", ids.get(0)))
                .isBetween(before + 29_000.0, before + 31_000.0);
        JobState state = store.find(ids.get(0)).orElseThrow();
        assertThat(state.status()).isEqualTo(JobStatus.PROCESSING);
        assertThat(state.attempts()).isOne();
        assertThat(Instant.parse(state.startedAt()).toEpochMilli()).isBetween(before - 1_000, before + 1_000);
        assertThat(state.startedAt()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void forgetsWhatOnlyLooksAsIfItWaited() {
        List<String> ids = accept(3);
        ids.forEach(id -> redis.opsForZSet().add("{vitrine}:recent", id, System.currentTimeMillis() - 60_000));
        redis.opsForList().remove("{vitrine}:jobs", 0, ids.get(0));
        redis.opsForList().remove("{vitrine}:jobs", 0, ids.get(1));

        assertThat(queue.upkeep().forgetUnowed(Duration.ofMinutes(2), id -> false))
                .isZero();
        assertThat(queue.upkeep().forgetUnowed(Duration.ofSeconds(30), ids.get(1)::equals))
                .isOne();

        assertThat(store.find(ids.get(0))).isEmpty();
        assertThat(store.find(ids.get(1))).isPresent();
        assertThat(store.find(ids.get(2))).isPresent();
        assertThat(redis.opsForZSet().score("{vitrine}:recent", ids.get(0))).isNull();
    }

    @Test
    void endsTheLeasesOfWorkersThatAreGone() {
        accept(2);
        Delivery delivery = take();

        assertThat(queue.endLeases()).isOne();

        Taken taken = queue.take(1, "next", LEASE);
        assertThat(taken.deliveries()).extracting(Delivery::id).containsExactly(delivery.id());
        assertThat(taken.deliveries().get(0).deliveries()).isEqualTo(2);
    }

    @Test
    void putsJobsBackThatNobodyTookOver() {
        List<String> ids = accept(3);
        queue.take(2, "gone", SHORT);
        await().until(() -> queue.upkeep().returnLeases(SHORT), count -> count == 2);

        assertThat(store.find(ids.get(0)).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(queue.depth()).extracting(Depth::waiting, Depth::leased).containsExactly(3L, 0L);
        List<Delivery> again = queue.take(3, "next", LEASE).deliveries();
        assertThat(again).extracting(Delivery::id).containsExactlyElementsOf(ids);
        assertThat(again).extracting(Delivery::deliveries).containsExactly(2, 2, 1);
        assertThat(queue.upkeep().returnLeases(Duration.ZERO))
                .as("leases that last")
                .isZero();
    }

    @Test
    void takesExpiredJobsOffTheListing() {
        List<String> ids = accept(2);
        ids.forEach(id -> queue.complete(take(), "m"));
        long old = System.currentTimeMillis() - Duration.ofDays(8).toMillis();
        ids.forEach(id -> redis.opsForZSet().add("{vitrine}:recent", id, old));
        redis.delete("{vitrine}:job:" + ids.get(0));

        assertThat(queue.upkeep().forgetExpired()).isOne();

        assertThat(redis.opsForZSet().range("{vitrine}:recent", 0, -1)).containsExactly(ids.get(1));
    }

    @Test
    void completesAJobAndCountsIt() {
        accept(1);
        Delivery delivery = take();

        assertThat(queue.complete(delivery, "clip")).isTrue();

        JobState state = store.find(delivery.id()).orElseThrow();
        assertThat(state.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(state.model()).isEqualTo("clip");
        assertThat(state.finishedAt()).isNotNull();
        assertThat(redis.getExpire("{vitrine}:job:" + delivery.id())).isBetween(604_790L, 604_800L);
        assertThat(queue.depth().leased()).isZero();
        assertThat(queue.totals()).isEqualTo(new Totals(1, 0, 0, 0));
        await().untilAsserted(() -> assertThat(queue.throughputLastMinute()).isOne());
    }

    @Test
    void putsAJobOffUntilItIsDue() {
        accept(1);
        Delivery delivery = take();

        assertThat(queue.putOff(delivery, LEASE, "index is away", "abc")).isTrue();

        assertThat(store.find(delivery.id()).orElseThrow().status()).isEqualTo(JobStatus.RETRYING);
        assertThat(store.find(delivery.id()).orElseThrow().error()).isEqualTo("index is away");
        Taken early = queue.take(1, "w", LEASE);
        assertThat(early.deliveries()).isEmpty();
        assertThat(early.nextDue()).hasValueSatisfying(due -> assertThat(due).isBetween(Duration.ofSeconds(1), LEASE));
        redis.opsForZSet().add("{vitrine}:later", delivery.id(), System.currentTimeMillis() + 20);
        Delivery again = await().until(() -> queue.take(1, "w", LEASE).deliveries(), list -> !list.isEmpty())
                .get(0);
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(again.deliveries()).isOne();
    }

    @Test
    void buriesAJobWithItsReasonAndSendsItBackOnRequest() {
        accept(1);
        Delivery delivery = take();
        assertThat(queue.retryDead(delivery.id())).isFalse();

        assertThat(queue.bury(delivery, "not a picture", "abc")).isTrue();

        JobState dead = store.find(delivery.id()).orElseThrow();
        assertThat(dead.status()).isEqualTo(JobStatus.FAILED);
        assertThat(dead.error()).isEqualTo("not a picture");
        assertThat(dead.digest()).isEqualTo("abc");
        assertThat(queue.dead(0, 10)).extracting(DeadLetter::id).containsExactly(delivery.id());
        assertThat(redis.getExpire("{vitrine}:job:" + delivery.id())).isPositive();

        assertThat(queue.retryDead(delivery.id())).isTrue();

        JobState queued = store.find(delivery.id()).orElseThrow();
        assertThat(queued.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(queued.attempts()).isZero();
        assertThat(queued.error()).isNull();
        assertThat(redis.getExpire("{vitrine}:job:" + delivery.id())).isEqualTo(-1);
        assertThat(take().attempts()).isOne();
    }

    @Test
    void handsBackInTheOldOrderWithoutCounting() {
        List<String> ids = accept(4);
        List<Delivery> taken = queue.take(3, "w", LEASE).deliveries();

        assertThat(queue.release(taken)).isEqualTo(3);

        assertThat(store.find(ids.get(0)).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(store.find(ids.get(0)).orElseThrow().startedAt()).isNull();
        List<Delivery> again = queue.take(4, "w", LEASE).deliveries();
        assertThat(again).extracting(Delivery::id).containsExactlyElementsOf(ids);
        assertThat(again).extracting(Delivery::attempts).containsOnly(1);
        assertThat(again).extracting(Delivery::deliveries).containsOnly(1);
    }

    @Test
    void givesAJobWhoseLeaseRanOutToAnotherWorkerAndRefusesTheFirst() {
        accept(1);
        Delivery first = queue.take(1, "slow", SHORT).deliveries().get(0);
        Delivery second = awaitReclaimed();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.deliveries()).isEqualTo(2);
        assertThat(queue.renew(List.of(first), LEASE)).containsExactly(first);
        assertThat(queue.complete(first, "m")).isFalse();
        assertThat(queue.putOff(first, SHORT, "e", "")).isFalse();
        assertThat(queue.bury(first, "e", "")).isFalse();
        assertThat(queue.release(List.of(first))).isZero();
        assertThat(store.find(first.id()).orElseThrow().status()).isEqualTo(JobStatus.PROCESSING);
        assertThat(queue.complete(second, "m")).isTrue();
        assertThat(queue.totals()).isEqualTo(new Totals(1, 0, 0, 1));
    }

    @Test
    void keepsAJobWhoseLeaseRanOutWithItsWorkerWhileNobodyElseTookIt() {
        accept(1);
        Delivery delivery = queue.take(1, "w", SHORT).deliveries().get(0);

        assertThat(queue.renew(List.of(delivery), LEASE)).isEmpty();
        assertThat(queue.take(1, "other", LEASE).deliveries()).isEmpty();
        assertThat(queue.complete(delivery, null)).isTrue();
    }

    @Test
    void buriesAJobThatKilledItsWorkerTooOften() {
        accept(1);
        for (int i = 1; i <= 5; i++) {
            Delivery delivery = i == 1 ? queue.take(1, "w", SHORT).deliveries().get(0) : awaitReclaimed(SHORT);
            assertThat(delivery.deliveries()).isEqualTo(i);
        }
        Map<String, String> buried =
                await().until(() -> queue.take(1, "w", SHORT).buried(), jobs -> !jobs.isEmpty());

        JobState state = store.find(buried.keySet().iterator().next()).orElseThrow();
        assertThat(buried).containsValue("p-" + state.id());
        assertThat(state.status()).isEqualTo(JobStatus.FAILED);
        assertThat(state.error()).isEqualTo("killed its worker 5 times");
        assertThat(state.digest()).isNull();
        assertThat(queue.depth()).extracting(Depth::leased, Depth::dead).containsExactly(0L, 1L);
        assertThat(queue.totals().failed()).isOne();
    }

    @Test
    void endsAJobOnceHoweverOftenItIsAsked() {
        accept(2);
        Delivery done = take();
        assertThat(queue.complete(done, "m")).isTrue();
        assertThat(queue.complete(done, "m")).isTrue();
        Delivery later = take();
        assertThat(queue.putOff(later, LEASE, "e", "")).isTrue();
        assertThat(queue.putOff(later, LEASE, "e", "")).isTrue();

        assertThat(queue.totals()).isEqualTo(new Totals(1, 0, 1, 0));
        assertThat(queue.complete(later, "m")).isFalse();
    }

    @Test
    void dropsAnIdThatIsInTheListTwice() {
        String id = accept(1).get(0);
        redis.opsForList().leftPush("{vitrine}:jobs", id);

        Taken taken = queue.take(10, "w", LEASE);

        assertThat(taken.deliveries()).hasSize(1);
        assertThat(taken.dropped()).isOne();
        redis.opsForList().leftPush("{vitrine}:jobs", id);
        queue.complete(taken.deliveries().get(0), "m");
        assertThat(queue.take(10, "w", LEASE))
                .extracting(Taken::deliveries, Taken::dropped)
                .containsExactly(List.of(), 1);
        assertThat(store.find(id).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void takesAnIdThatHasNoHash() {
        String id = newId();
        redis.opsForList().leftPush("{vitrine}:jobs", id);

        assertThat(take().id()).isEqualTo(id);
    }

    @Test
    void survivesAFlushOfTheScripts() {
        accept(2);
        take();
        redis.execute((RedisCallback<Void>) connection -> {
            connection.scriptingCommands().scriptFlush();
            return null;
        });

        assertThat(queue.complete(take(), "m")).isTrue();
    }

    @Test
    void refillsOnlyWhatItDoesNotKnow() {
        String waiting = accept(1).get(0);
        assertThat(queue.upkeep().enqueueIfMissing(state(waiting), 7)).isEqualTo(Enqueued.OWED);
        Delivery delivery = take();
        assertThat(queue.upkeep().enqueueIfMissing(state(waiting), 7)).isEqualTo(Enqueued.OWED);
        queue.putOff(delivery, LEASE, "e", "");
        assertThat(queue.upkeep().enqueueIfMissing(state(waiting), 7)).isEqualTo(Enqueued.OWED);
        String done = accept(1).get(0);
        queue.complete(take(), "m");
        assertThat(queue.upkeep().enqueueIfMissing(state(done), 7)).isEqualTo(Enqueued.COMPLETED);
        String buried = accept(1).get(0);
        queue.bury(take(), "e", "");
        assertThat(queue.upkeep().enqueueIfMissing(state(buried), 7)).isEqualTo(Enqueued.OWED);
        String missing = newId();
        assertThat(queue.upkeep().enqueueIfMissing(state(missing), 7)).isEqualTo(Enqueued.PUSHED);

        assertThat(queue.depth().waiting()).isOne();
        Delivery refilled = take();
        assertThat(refilled.id()).isEqualTo(missing);
        assertThat(refilled.version()).isEqualTo(7);
        assertThat(store.find(missing).orElseThrow().productId()).isEqualTo("p-" + missing);
    }

    @Test
    void namesEveryJobItOwes() {
        List<String> all = Stream.generate(JobQueueTest::newId).limit(2_503).toList();
        redis.opsForList().leftPushAll("{vitrine}:jobs", all);
        List<Delivery> taken = queue.take(3, "w", LEASE).deliveries();
        queue.putOff(taken.get(0), LEASE, "e", "");
        queue.bury(taken.get(1), "e", "");

        List<String> owed = new ArrayList<>();
        queue.upkeep().forEachOwed(owed::add);

        assertThat(owed).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void forgetsOldDeadLettersOnceTheyAreClearedAway() {
        accept(2);
        Delivery first = take();
        queue.bury(first, "e", "");
        Delivery second = take();
        queue.bury(second, "e", "");
        redis.opsForZSet().add("{vitrine}:dead", first.id(), System.currentTimeMillis() - 60_000);
        List<String> cleared = new ArrayList<>();

        assertThat(queue.upkeep().expireDead(Duration.ofSeconds(30), 100, cleared::add))
                .containsExactly(first.id());

        assertThat(cleared).containsExactly(first.id());
        assertThat(queue.dead(0, 10)).extracting(DeadLetter::id).containsExactly(second.id());
        assertThat(store.find(first.id())).isEmpty();
    }

    @Test
    void sendsAllDeadLettersBackUpToTheLimit() {
        accept(5);
        queue.take(5, "w", LEASE).deliveries().forEach(delivery -> queue.bury(delivery, "e", ""));

        assertThat(queue.retryAllDead(3)).isEqualTo(3);
        assertThat(queue.retryAllDead(100)).isEqualTo(2);
        assertThat(queue.depth()).extracting(Depth::waiting, Depth::dead).containsExactly(5L, 0L);
    }

    @Test
    void knowsItsDepthAndWorkers() {
        accept(3);
        take();
        queue.heartbeat("a", LEASE);
        queue.heartbeat("b", LEASE);
        queue.leave("b");

        Depth depth = queue.depth();

        assertThat(depth)
                .extracting(Depth::waiting, Depth::leased, Depth::workers)
                .containsExactly(2L, 1L, 1);
        assertThat(depth.oldestWait()).isLessThan(Duration.ofSeconds(30));
        assertThat(redis.getExpire("{vitrine}:workers")).isPositive();
    }

    /** A retry of a job that was made long ago does not wait long. */
    @Test
    void countsAWaitFromWhenTheJobCouldHaveBeenTaken() {
        String old = "00000000-0001-7000-8000-000000000000"; // made in 1970
        redis.opsForHash().putAll("{vitrine}:job:" + old, JobHash.write(state(old)));
        redis.opsForList().leftPush("{vitrine}:jobs", old);
        assertThat(queue.depth().oldestWait()).isGreaterThan(Duration.ofDays(365));
        Delivery first = take();
        assertThat(first.waited()).isGreaterThan(Duration.ofDays(365));

        queue.release(List.of(first));
        assertThat(take().waited())
                .as("handed back, it waits as long as before")
                .isGreaterThan(Duration.ofDays(365));
        redis.opsForZSet().add("{vitrine}:leases", old, 0);
        Delivery again = take();
        queue.putOff(again, Duration.ZERO, "e", "");
        Delivery due = take();
        assertThat(due.waited()).isLessThan(Duration.ofSeconds(30));
        queue.release(List.of(due));
        assertThat(queue.depth().oldestWait()).isLessThan(Duration.ofSeconds(30));
        queue.bury(take(), "e", "");
        queue.retryDead(old);
        assertThat(queue.depth().oldestWait()).isLessThan(Duration.ofSeconds(30));
        assertThat(take().waited()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void countsAJobThatIsDueAmongThoseThatWaitForAWorker() {
        accept(1);
        queue.putOff(take(), Duration.ZERO, "e", "");
        redis.opsForZSet()
                .add(
                        "{vitrine}:later",
                        queue.redis()
                                .opsForZSet()
                                .range("{vitrine}:later", 0, 0)
                                .iterator()
                                .next(),
                        0);

        assertThat(queue.depth().oldestWait()).isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void refusesANameThatWouldBreakItsKeys() {
        assertThatThrownBy(() -> new JobQueue(redis, "a}b", QueueSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a}b");
    }

    private Delivery take() {
        return queue.take(1, "w", LEASE).deliveries().get(0);
    }

    private Delivery awaitReclaimed() {
        return awaitReclaimed(LEASE);
    }

    private Delivery awaitReclaimed(Duration lease) {
        return await().pollInterval(Duration.ofMillis(5))
                .until(() -> queue.take(1, "w", lease).deliveries(), list -> !list.isEmpty())
                .get(0);
    }

    private List<String> accept(int count) {
        return IntStream.range(0, count).mapToObj(i -> accept()).toList();
    }

    /** What the accepting route does with camel-spring-redis. */
    private String accept() {
        String id = newId();
        redis.opsForHash().putAll("{vitrine}:job:" + id, JobHash.write(state(id)));
        redis.opsForHash().put("{vitrine}:job:" + id, "version", Long.toString(Job.acceptedAt(id)));
        redis.opsForList().leftPush("{vitrine}:jobs", id);
        return id;
    }

    private static JobState state(String id) {
        return new JobState(
                id,
                "p-" + id,
                "main",
                "Lamp",
                JobStatus.QUEUED,
                0,
                "2026-01-02T03:04:05.006Z",
                null,
                null,
                null,
                null,
                null);
    }

    private static String newId() {
        return UuidCreator.getTimeOrderedEpochPlus1().toString();
    }
}
