package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.testing.S3Bucket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObjectCallbacksTest {
    @RegisterExtension
    static final S3Bucket bucket = new S3Bucket("VITRINE_SPOOL", "shop/callbacks/");

    private final ObjectCallbacks callbacks = new ObjectCallbacks(bucket.store());

    private static OwedCallback owed(String id) {
        Job job = new Job("job", "mug", "main", "Mug", Map.of(), 42, "image/jpeg");
        return new OwedCallback(id, "https://hooks.example/a", 42, JobState.completed(job, 43, null));
    }

    @Test
    void whatOneProcessWritesAnotherFinds() {
        callbacks.write(owed("a"));

        assertThat(new ObjectCallbacks(bucket.store()).find("a")).contains(owed("a"));

        new ObjectCallbacks(bucket.store()).remove("a");
        assertThat(callbacks.find("a")).isEmpty();
        callbacks.remove("a");
        assertThat(bucket.server().keys("")).isEmpty();
    }

    @Test
    void tellsTheAgeByTheStoresClock() {
        callbacks.write(owed("a"));
        callbacks.write(owed("b"));
        assertThat(callbacks.olderThan(Duration.ofSeconds(30))).isEmpty();

        bucket.front().timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ofSeconds(30))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void putsAsideWhatItCannotUnderstand() {
        bucket.server().put("shop/callbacks/a.json", "{".getBytes());

        assertThat(callbacks.find("a")).isEmpty();

        assertThat(bucket.server().keys("")).containsExactly("shop/callbacks/a.unreadable");
        bucket.front().timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ZERO)).isEmpty();
    }

    @Test
    void whatItMayNotDeleteIsOwedNoMore() {
        callbacks.write(owed("a"));
        bucket.front().refuse("DELETE", 403, "AccessDenied");

        callbacks.remove("a");

        assertThat(callbacks.find("a")).isEmpty();
        bucket.front().timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ZERO)).isEmpty();
    }
}
