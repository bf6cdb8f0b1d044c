package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every spool promises, whatever it is in. */
abstract class SpoolContract {
    /** The spool under test, opened and empty. */
    abstract Spool spool();

    /** Writes as the endpoint of the route does. */
    abstract void write(String name, byte[] content) throws IOException;

    /** The names of all there is, by the spool's own means or not. */
    abstract List<String> kept();

    /** Makes all that is there an hour old, for the spool. */
    abstract void age() throws IOException;

    final Job accept(String id) throws IOException {
        Job job = prepare(id);
        spool().commit(id);
        return job;
    }

    /** Everything but the commit. */
    final Job prepare(String id) throws IOException {
        Job job = new Job(id, "mug-1", "main", "Mug", Map.of("a", List.of(1, 2)), 42, "image/jpeg");
        write(spool().pictureName(id), id.getBytes());
        write(spool().recordName(id), new ObjectMapper().writeValueAsBytes(job));
        return job;
    }

    final List<String> owed() {
        List<String> owed = new ArrayList<>();
        spool().forEachOwed(owed::add);
        return owed;
    }

    @Test
    void givesBackTheJobAndThePictureAsAccepted() throws IOException {
        Job job = accept("a");

        assertThat(spool().find("a")).contains(job);
        assertThat(spool().owes("a")).isTrue();
        assertThat(spool().picture("a")).hasBinaryContent("a".getBytes());
        assertThat(spool().picture("a")).as("again").hasBinaryContent("a".getBytes());
    }

    @Test
    void tellsTheGreatestVersionOfWhatWaitsOfAProduct() throws IOException {
        OwedProducts owed = new OwedProducts(spool());
        assertThat(owed.newest("mug-1")).isEqualTo(-1);
        assertThat(owed.latest()).isEqualTo(-1);
        Job job = accept("019c6b2d-a400-7000-8000-000000000000");
        accept("of-another-kind");
        assertThat(owed.newest(job.productKey())).isEqualTo(job.version());
        assertThat(owed.newest("mug-2")).isEqualTo(-1);
        assertThat(owed.latest()).isEqualTo(0x019c6b2da400L);
    }

    @Test
    void knowsNothingOfWhatWasNeverAccepted() {
        assertThat(spool().find("b")).isEmpty();
        assertThat(spool().owes("b")).isFalse();
        assertThat(spool().picture("b")).doesNotExist();
        spool().remove("b");
        spool().discard("b");
        assertThat(spool().size()).isZero();
    }

    @Test
    void readsWhatAnotherVersionAccepted() throws IOException {
        write(spool().pictureName("old"), new byte[1]);
        write(
                spool().recordName("old"),
                """
                {"job_id":"old","product_id":"mug-1","image_id":"main","name":"Mug","metadata":{},"version":42,
                 "content_type":"image/jpeg","sha256":"00","of_a_later_version":true}
                """
                        .getBytes());
        spool().commit("old");

        assertThat(spool().find("old")).contains(new Job("old", "mug-1", "main", "Mug", Map.of(), 42, "image/jpeg"));
    }

    @Test
    void owesNothingForAPictureAlone() throws IOException {
        write(spool().pictureName("c"), new byte[1]);

        assertThat(spool().owes("c")).isFalse();
        assertThat(owed()).isEmpty();
    }

    @Test
    void owesAJobUntilItIsRemoved() throws IOException {
        accept("a");
        accept("b");
        assertThat(owed()).containsExactlyInAnyOrder("a", "b");

        spool().remove("a");

        assertThat(owed()).containsExactly("b");
        assertThat(spool().find("a")).isEmpty();
        assertThat(spool().picture("a")).doesNotExist();
        assertThat(kept()).hasSize(2).allMatch(name -> name.contains("b."));
    }

    @Test
    void discardsWhatIsWrittenOfARefusedUploadAndNothingElse() throws IOException {
        prepare("a");
        accept("b");

        spool().discard("a");

        assertThat(owed()).containsExactly("b");
        assertThat(kept()).hasSize(2).allMatch(name -> name.contains("b."));
    }

    @Test
    void namesWhatItOwesPartByPart() throws IOException {
        TreeSet<String> all = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            accept("job-" + i);
            all.add("job-" + i);
        }
        List<String> seen = new ArrayList<>();
        String cursor = spool().someOwed("", 1, seen::add);
        while (!cursor.isEmpty()) {
            cursor = spool().someOwed(cursor, 1, seen::add);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void saysWhatItTakes() throws IOException {
        accept("a");
        assertThat(spool().use().files()).isEqualTo(2);
        assertThat(spool().use().bytes()).isPositive();
        assertThat(spool().use().freeBytes()).isPositive();
    }

    @Test
    void sweepsOnlyOldFilesThatNoJobNeeds() throws IOException {
        accept("owed");
        write(spool().pictureName("orphan"), new byte[1]);
        assertThat(spool().sweep(Duration.ofMinutes(15))).as("none is old").isZero();
        age();

        assertThat(spool().sweep(Duration.ofMinutes(15))).isEqualTo(1);

        assertThat(spool().find("owed")).isPresent();
        assertThat(spool().picture("owed")).exists();
        assertThat(kept()).hasSize(2).allMatch(name -> name.contains("owed."));
    }

    @Test
    void isInOrder() throws IOException {
        spool().check();
        assertThat(Files.isDirectory(spool().disk())).isTrue();
        assertThat(spool().place()).isNotBlank();
    }
}
