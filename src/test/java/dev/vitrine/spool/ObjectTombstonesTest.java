package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.testing.S3Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObjectTombstonesTest extends TombstonesContract {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    @RegisterExtension
    static final S3Bucket bucket = new S3Bucket("VITRINE_SPOOL", "shop/");

    @Override
    Tombstones tombstones() {
        return new ObjectTombstones(bucket.store().below("deleted"), Clock.systemUTC());
    }

    @Override
    void age() {
        bucket.front().timeIs(Duration.ofDays(15));
    }

    @Test
    void takesOneRequestToKnowAllThatConcernsAJob() {
        tombstones().remember("mug", 7);
        bucket.front().seen();

        assertThat(tombstones().of(new Job("a", "mug", "main", "Mug", Map.of(), 42, "image/jpeg")))
                .isEqualTo(7);

        assertThat(bucket.front().seen()).hasSize(1);
    }

    @Test
    void seesMoreDeletionsThanOnePageHas() {
        int deletions = 1_100;
        tombstones().remember("mug", 1);
        String first = bucket.server().keys("").get(0);
        for (int i = 2; i <= deletions; i++) {
            bucket.server().put(first.replaceAll("1$", Integer.toString(i)), new byte[0]);
        }
        bucket.front().seen();
        assertThat(tombstones().version("mug")).isEqualTo(deletions);
        assertThat(tombstones().newest(1_050)).isEqualTo(1_050);
        assertThat(bucket.front().seen()).hasSize(4);
    }

    @Test
    void listsAllDeletionsOnceAnHour() {
        Tombstones tombstones = tombstones();
        tombstones.remember("mug", 1);
        tombstones.forget(TWO_DAYS, Set::of);
        bucket.front().seen();

        tombstones.forget(TWO_DAYS, Set::of);

        assertThat(bucket.front().seen()).isEmpty();
    }

    @Test
    void keepsWhatItMayNotDeleteAndGoesOn() {
        tombstones().remember("mug", 1);
        bucket.front().timeIs(Duration.ofDays(15));
        bucket.front().refuse("DELETE", 403, "AccessDenied");

        assertThat(tombstones().forget(TWO_DAYS, Set::of)).isZero();

        assertThat(tombstones().version("mug")).isEqualTo(1);
    }

    @Test
    void doesNotTakeAStoreThatIsAwayForOneWithoutDeletions() {
        tombstones().remember("mug", 1);
        bucket.front().refuse("GET", 403, "AccessDenied");

        assertThatThrownBy(() -> tombstones().version("mug")).isInstanceOf(ObjectStoreException.class);
    }
}
