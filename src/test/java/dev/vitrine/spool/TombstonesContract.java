package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What remembered deletions promise, wherever they are kept. */
abstract class TombstonesContract {
    /** Those of another process, too: what one remembers all know. */
    abstract Tombstones tombstones();

    /** Makes all that is there 15 days old. */
    abstract void age() throws IOException;

    @Test
    void remembersTheLatestDeletionOfEachProduct() {
        assertThat(tombstones().version("mug:1")).isEqualTo(-1);
        assertThat(tombstones().newest(100)).isEqualTo(-1);
        tombstones().remember("mug:1", 5);
        tombstones().remember("mug:1", 7);
        tombstones().remember("mug:1", 6);
        tombstones().remember("MUG:1", 9);
        assertThat(tombstones().version("mug:1")).isEqualTo(7);
        assertThat(tombstones().version("MUG:1")).isEqualTo(9);
        assertThat(tombstones().newest(100)).isEqualTo(9);
        assertThat(tombstones().newest(8)).isEqualTo(7);
    }

    @Test
    void aJobIsConcernedByDeletionsOfItsProductAndOfItsPicture() {
        Job job = new Job("a", "mug/1", "main", "Mug", Map.of(), 42, "image/jpeg");
        tombstones().remember(Job.pictureKey(job.productKey(), "back"), 50);
        tombstones().remember(Job.productKey("other", "mug/1"), 50);
        assertThat(tombstones().of(job)).isEqualTo(-1);
        assertThat(tombstones().version(job.productKey())).isEqualTo(-1);

        tombstones().remember(job.pictureKey(), 41);
        assertThat(tombstones().of(job)).isEqualTo(41);
        assertThat(tombstones().version(job.pictureKey())).isEqualTo(41);
        tombstones().remember(job.productKey(), 43);
        assertThat(tombstones().of(job)).isEqualTo(43);
        assertThat(tombstones().version(job.pictureKey())).isEqualTo(41);
    }

    @Test
    void forgetsWhatIsOldAndConcernsNothingThatWaits() throws IOException {
        String picture = Job.pictureKey("waits", "main");
        tombstones().remember("old", 1);
        tombstones().remember("waits", 3);
        tombstones().remember(picture, 4);
        assertThat(tombstones().forget(Duration.ofDays(14), Set::of))
                .as("nothing is old")
                .isZero();
        age();

        assertThat(tombstones().forget(Duration.ofDays(14), () -> Set.of("waits", picture)))
                .isOne();

        assertThat(tombstones().version("waits")).isEqualTo(3);
        assertThat(tombstones().version(picture)).isEqualTo(4);
        assertThat(tombstones().version("old")).isEqualTo(-1);
    }
}
