package dev.vitrine.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalJobStoreTest {
    private final LocalJobStore store = new LocalJobStore(3);

    private static JobState job(int i, JobStatus status) {
        return new JobState(
                "id-" + i, "product-" + i % 2, "main", "Name", status, 1, Rfc3339.format(i), "t", "t", "m", null, null);
    }

    @Test
    void forgetsTheOldestFirst() {
        for (int i = 1; i <= 5; i++) {
            store.put(job(i, JobStatus.COMPLETED));
        }
        assertThat(store.find("id-2")).isEmpty();
        assertThat(store.find("id-3")).isPresent();
        assertThat(store.find("id-5")).isPresent();
    }

    @Test
    void listsNewestFirstInPages() {
        for (int i = 1; i <= 3; i++) {
            store.put(job(i, JobStatus.COMPLETED));
        }
        JobListing first = store.list(null, null, 2, null);
        assertThat(first.entries()).extracting(entry -> entry.job().id()).containsExactly("id-3", "id-2");
        JobListing second = store.list(null, null, 2, first.next());
        assertThat(second.entries()).extracting(entry -> entry.job().id()).containsExactly("id-1");
        assertThat(second.next()).isNull();
    }

    @Test
    void listsOnlyWhatWasAskedFor() {
        store.put(job(1, JobStatus.COMPLETED));
        store.put(job(2, JobStatus.FAILED));
        assertThat(store.list(JobStatus.FAILED, null, 10, null).entries())
                .extracting(entry -> entry.job().id())
                .containsExactly("id-2");
        assertThat(store.list(null, "product-1", 10, null).entries())
                .extracting(entry -> entry.job().id())
                .containsExactly("id-1");
    }
}
