package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisJobStoreTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private JobQueue queue;
    private RedisJobStore store;

    @BeforeEach
    void connect(RedisConnections connections) {
        queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        store = new RedisJobStore(queue);
    }

    @Test
    void findsAJobAsItWasWritten() {
        JobState job = job("01a20bab-4e06-7841-9e97-03f7c7f0ddff", "lamp");
        queue.upkeep().enqueueIfMissing(job, 7);

        assertThat(store.find(job.id())).contains(job);
        assertThat(store.find("unknown")).isEmpty();
    }

    @Test
    void pagesThroughAllJobsNewestFirst() {
        List<String> ids = enqueue(25, "lamp");

        assertThat(pages(null, null, 10)).containsExactly(newest(ids, 0, 10), newest(ids, 10, 20), newest(ids, 20, 25));
        assertThat(pages(null, null, 25)).containsExactly(newest(ids, 0, 25));
    }

    @Test
    void pagesThroughMoreJobsThanItReadsAtOnce() {
        enqueue(603, "lamp");
        String rare = enqueue(1, "rare").get(0);
        enqueue(300, "lamp");

        assertThat(pages(null, null, 1_000).stream().flatMap(List::stream))
                .hasSize(904)
                .doesNotHaveDuplicates();
        assertThat(pages(null, "rare", 10)).containsExactly(List.of(rare));
    }

    @Test
    void listsEachStatusFromWhereItsJobsAre() {
        List<String> ids = enqueue(10, "lamp");
        List<Delivery> taken = queue.take(8, "w", LEASE).deliveries();
        taken.subList(0, 2).forEach(delivery -> queue.complete(delivery, "m"));
        taken.subList(2, 4).forEach(delivery -> queue.putOff(delivery, LEASE, "e", ""));
        taken.subList(4, 6).forEach(delivery -> queue.bury(delivery, "e", ""));

        assertThat(pages(JobStatus.COMPLETED, null, 1)).containsExactly(List.of(ids.get(1)), List.of(ids.get(0)));
        assertThat(pages(JobStatus.RETRYING, null, 1)).containsExactly(List.of(ids.get(3)), List.of(ids.get(2)));
        assertThat(pages(JobStatus.FAILED, null, 1)).containsExactly(List.of(ids.get(5)), List.of(ids.get(4)));
        assertThat(pages(JobStatus.PROCESSING, null, 1)).containsExactly(List.of(ids.get(7)), List.of(ids.get(6)));
        assertThat(pages(JobStatus.QUEUED, null, 1)).containsExactly(List.of(ids.get(9)), List.of(ids.get(8)));
        assertThat(pages(JobStatus.QUEUED, "chair", 5)).containsExactly(List.of());
    }

    @Test
    void forgetsTheOldestOfTooMany(RedisConnections connections) {
        JobQueue small = new JobQueue(connections.template(), "vitrine", new QueueSettings(Duration.ofDays(1), 5, 3));
        List<String> ids = enqueue(5, "lamp");

        small.take(1, "w", LEASE);

        assertThat(pages(null, null, 10)).containsExactly(newest(ids, 0, 3));
    }

    /** Only the oldest has a state, so that the first call finds none among those it looks at. */
    @Test
    void listsOfMoreThanItLooksAtInOneCallGoOn(RedisConnections connections) {
        String[] ids = IntStream.range(0, 10_050)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpochPlus1().toString())
                .toArray(String[]::new);
        connections.template().opsForList().leftPushAll("{vitrine}:jobs", ids);
        JobState oldest = job("00000000-0000-7000-8000-000000000000", "lamp");
        queue.upkeep().enqueueIfMissing(oldest, 7);

        JobListing first = store.list(JobStatus.QUEUED, "lamp", 10, null);
        JobListing second = store.list(JobStatus.QUEUED, "lamp", 10, first.next());

        assertThat(first.entries()).isEmpty();
        assertThat(second.entries()).extracting(entry -> entry.job().id()).containsExactly(oldest.id());
        assertThat(second.next()).isNull();
    }

    @Test
    void refusesALimitThatCannotBe() {
        assertThatThrownBy(() -> store.list(null, null, 0, null)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<List<String>> pages(JobStatus status, String product, int limit) {
        List<List<String>> pages = new ArrayList<>();
        JobCursor cursor = null;
        do {
            JobListing page = store.list(status, product, limit, cursor);
            pages.add(page.entries().stream().map(entry -> entry.job().id()).toList());
            cursor = page.next();
        } while (cursor != null);
        return pages;
    }

    private static List<String> newest(List<String> ids, int from, int to) {
        List<String> reversed = new ArrayList<>(ids);
        Collections.reverse(reversed);
        return reversed.subList(from, to);
    }

    private List<String> enqueue(int count, String product) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    JobState job = job(UuidCreator.getTimeOrderedEpochPlus1().toString(), product);
                    queue.upkeep().enqueueIfMissing(job, 7);
                    return job.id();
                })
                .toList();
    }

    private static JobState job(String id, String product) {
        return new JobState(
                id,
                product,
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
}
