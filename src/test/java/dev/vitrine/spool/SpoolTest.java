package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.Job;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    private Path folder;

    private Spool spool;

    @BeforeEach
    void open() {
        spool = new Spool(folder.resolve("spool")).open();
    }

    private Job write(String id) throws IOException {
        Job job = new Job(id, "mug-1", "main", "Mug", Map.of("a", List.of(1, 2)), 42, "image/jpeg");
        Files.write(spool.picture(id), new byte[] {1});
        Files.write(spool.folder().resolve(id + ".json"), new ObjectMapper().writeValueAsBytes(job));
        return job;
    }

    private void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    }

    @Test
    void givesBackTheJobAsAccepted() throws IOException {
        Job job = write("a");
        assertThat(spool.find("a")).contains(job);
        assertThat(spool.find("b")).isEmpty();
    }

    @Test
    void readsWhatAnotherVersionAccepted() throws IOException {
        Files.writeString(
                spool.folder().resolve("old.json"),
                """
                {"job_id":"old","product_id":"mug-1","image_id":"main","name":"Mug","metadata":{},"version":42,
                 "content_type":"image/jpeg","sha256":"00","of_a_later_version":true}
                """);
        assertThat(spool.find("old")).contains(new Job("old", "mug-1", "main", "Mug", Map.of(), 42, "image/jpeg"));
    }

    @Test
    void owesAJobWhileItsRecordIsThere() throws IOException {
        write("a");
        write("b");
        Files.write(spool.picture("c"), new byte[] {1});
        Files.write(spool.folder().resolve(".part-d.json"), new byte[] {1});
        List<String> owed = new ArrayList<>();
        spool.forEachOwed(owed::add);
        assertThat(owed).containsExactlyInAnyOrder("a", "b");
        assertThat(spool.size()).isEqualTo(2);
        spool.remove("a");
        assertThat(spool.size()).isEqualTo(1);
        assertThat(spool.picture("a")).doesNotExist();
    }

    @Test
    void discardsWhatIsHalfWrittenOfARefusedUploadAndNothingElse() throws IOException {
        Files.write(spool.picture("a"), new byte[] {1});
        Files.write(spool.folder().resolve(".part-a.json"), new byte[0]);
        Files.write(spool.folder().resolve(".part-b.json"), new byte[] {1});
        spool.discard("a");
        assertThat(RunningVitrine.names(spool.folder())).containsExactly(".part-b.json");
    }

    @Test
    void removingWhatIsGoneIsNoError() {
        spool.remove("nothing");
        assertThat(spool.size()).isZero();
    }

    @Test
    void sweepsOnlyOldFilesThatNoJobNeeds() throws IOException {
        write("owed");
        age(spool.picture("owed"));
        Path orphan = Files.write(spool.picture("orphan"), new byte[] {1});
        Path half = Files.write(spool.folder().resolve(".part-x.json"), new byte[] {1});
        age(orphan);
        age(half);
        Path fresh = Files.write(spool.picture("fresh"), new byte[] {1});

        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(2);
        assertThat(orphan).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(fresh).exists();
        assertThat(spool.picture("owed")).exists();
    }

    @Test
    void owesAJobOnceItIsCommitted() throws IOException {
        Job job = write("a");
        Path record = spool.folder().resolve("a.json");
        Path uncommitted = Files.move(record, spool.folder().resolve(".part-a.json"));
        assertThat(spool.owes("a")).isFalse();

        spool.commit("a");

        assertThat(spool.find("a")).contains(job);
        assertThat(uncommitted).doesNotExist();
    }

    @Test
    void commitsManyAtATime() throws Exception {
        int clients = 8;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Callable<Void>> commits = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = "job-" + i;
                write(id);
                Files.move(spool.folder().resolve(id + ".json"), spool.folder().resolve(".part-" + id + ".json"));
                commits.add(() -> {
                    spool.commit(id);
                    assertThat(spool.owes(id)).isTrue();
                    return null;
                });
            }
            for (Future<Void> commit : threads.invokeAll(commits)) {
                commit.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(spool.size()).isEqualTo(200);
    }

    @Test
    void acceptsNothingWithoutItsPicture() throws IOException {
        write("a");
        Path uncommitted =
                Files.move(spool.folder().resolve("a.json"), spool.folder().resolve(".part-a.json"));
        Files.delete(spool.picture("a"));

        assertThatThrownBy(() -> spool.commit("a")).isInstanceOf(UncheckedIOException.class);

        assertThat(spool.owes("a")).isFalse();
        spool.discard("a");
        assertThat(uncommitted).doesNotExist();
    }
}
