package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ObjectCallbacksTest {
    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    private final ObjectCallbacks callbacks = new ObjectCallbacks(store);

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_SPOOL", new StoreAddress(S3Server.BUCKET, "shop/callbacks/"));
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        server.close();
    }

    @AfterEach
    void clear() {
        front.behave();
        server.clear();
    }

    private static OwedCallback owed(String id) {
        Job job = new Job("job", "mug", "main", "Mug", Map.of(), 42, "image/jpeg");
        return new OwedCallback(id, "https://hooks.example/a", 42, JobState.completed(job, 43, null));
    }

    @Test
    void whatOneProcessWritesAnotherFinds() {
        callbacks.write(owed("a"));

        assertThat(new ObjectCallbacks(store).find("a")).contains(owed("a"));

        new ObjectCallbacks(store).remove("a");
        assertThat(callbacks.find("a")).isEmpty();
        callbacks.remove("a");
        assertThat(server.keys("")).isEmpty();
    }

    @Test
    void tellsTheAgeByTheStoresClock() {
        callbacks.write(owed("a"));
        callbacks.write(owed("b"));
        assertThat(callbacks.olderThan(Duration.ofSeconds(30))).isEmpty();

        front.timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ofSeconds(30))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void putsAsideWhatItCannotUnderstand() {
        server.put("shop/callbacks/a.json", "{".getBytes());

        assertThat(callbacks.find("a")).isEmpty();

        assertThat(server.keys("")).containsExactly("shop/callbacks/a.unreadable");
        front.timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ZERO)).isEmpty();
    }

    @Test
    void whatItMayNotDeleteIsOwedNoMore() {
        callbacks.write(owed("a"));
        front.refuse("DELETE", 403, "AccessDenied");

        callbacks.remove("a");

        assertThat(callbacks.find("a")).isEmpty();
        front.timeIs(Duration.ofMinutes(1));
        assertThat(callbacks.olderThan(Duration.ZERO)).isEmpty();
    }
}
