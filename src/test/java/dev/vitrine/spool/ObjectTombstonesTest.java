package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ObjectTombstonesTest extends TombstonesContract {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_SPOOL", new StoreAddress(S3Server.BUCKET, "shop/"));
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

    @Override
    Tombstones tombstones() {
        return new ObjectTombstones(store.below("deleted"), Clock.systemUTC());
    }

    @Override
    void age() {
        front.timeIs(Duration.ofDays(15));
    }

    @Test
    void takesOneRequestToKnowAllThatConcernsAJob() {
        tombstones().remember("mug", 7);
        front.seen();

        assertThat(tombstones().of(new Job("a", "mug", "main", "Mug", Map.of(), 42, "image/jpeg")))
                .isEqualTo(7);

        assertThat(front.seen()).hasSize(1);
    }

    @Test
    void seesMoreDeletionsThanOnePageHas() {
        int deletions = 1_100;
        tombstones().remember("mug", 1);
        String first = server.keys("").get(0);
        for (int i = 2; i <= deletions; i++) {
            server.put(first.replaceAll("1$", Integer.toString(i)), new byte[0]);
        }
        front.seen();
        assertThat(tombstones().version("mug")).isEqualTo(deletions);
        assertThat(tombstones().newest(1_050)).isEqualTo(1_050);
        assertThat(front.seen()).hasSize(4);
    }

    @Test
    void listsAllDeletionsOnceAnHour() {
        Tombstones tombstones = tombstones();
        tombstones.remember("mug", 1);
        tombstones.forget(TWO_DAYS, Set::of);
        front.seen();

        tombstones.forget(TWO_DAYS, Set::of);

        assertThat(front.seen()).isEmpty();
    }

    @Test
    void keepsWhatItMayNotDeleteAndGoesOn() {
        tombstones().remember("mug", 1);
        front.timeIs(Duration.ofDays(15));
        front.refuse("DELETE", 403, "AccessDenied");

        assertThat(tombstones().forget(TWO_DAYS, Set::of)).isZero();

        assertThat(tombstones().version("mug")).isEqualTo(1);
    }

    @Test
    void doesNotTakeAStoreThatIsAwayForOneWithoutDeletions() {
        tombstones().remember("mug", 1);
        front.refuse("GET", 403, "AccessDenied");

        assertThatThrownBy(() -> tombstones().version("mug")).isInstanceOf(ObjectStoreException.class);
    }
}
