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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSpoolTest extends SpoolContract {
    @TempDir
    private Path folder;

    private FolderSpool spool;

    @BeforeEach
    void open() {
        spool = new FolderSpool(folder.resolve("spool")).open();
    }

    @Test
    void tellsAgesByTheClockOfTheDisk() throws IOException {
        FolderClock clock = new FolderClock(folder);
        Instant before = Files.getLastModifiedTime(Files.createFile(folder.resolve("one")))
                .toInstant();
        Instant now = clock.now();
        Instant after = Files.getLastModifiedTime(Files.createFile(folder.resolve("other")))
                .toInstant();
        assertThat(now).isBetween(before, after);
        assertThat(RunningVitrine.names(folder)).containsExactly("one", "other", "spool");
    }

    @Override
    Spool spool() {
        return spool;
    }

    @Override
    void write(String name, byte[] content) throws IOException {
        Path file = spool.folder().resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    @Override
    List<String> kept() {
        return RunningVitrine.files(spool.folder());
    }

    @Override
    void age() throws IOException {
        try (Stream<Path> files = Files.walk(spool.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            }
        }
    }

    @Test
    void acceptsNothingBeforeTheCommit() throws IOException {
        prepare("a");
        assertThat(spool.owes("a")).isFalse();
        assertThat(owed()).isEmpty();
        age();

        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(2);

        assertThat(kept()).isEmpty();
    }

    @Test
    void putsFilesIntoAFolderForEachPart() throws IOException {
        accept("a");
        accept("b");
        assertThat(RunningVitrine.names(spool.folder()))
                .hasSize(3)
                .allMatch(name -> name.matches("[0-9a-f]{2}") || name.equals("parts"));
        assertThat(spool.picture("a").getParent())
                .isNotEqualTo(spool.picture("b").getParent());
    }

    @Test
    void emptiesWhatAnEarlierVersionWroteBesideTheParts() throws IOException {
        Job job = new Job("old", "mug-1", "main", "Mug", Map.of(), 42, "image/jpeg");
        write("old.img", new byte[] {7});
        write("old.json", new ObjectMapper().writeValueAsBytes(job));
        write("orphan.img", new byte[1]);
        write(".part-half.json", new byte[1]);
        accept("new");
        age();

        assertThat(spool.find("old")).contains(job);
        assertThat(spool.owes("old")).isTrue();
        assertThat(spool.picture("old")).hasBinaryContent(new byte[] {7});
        assertThat(owed()).containsExactlyInAnyOrder("old", "new");
        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(2);
        spool.remove("old");
        assertThat(kept()).containsExactly("new.img", "new.json");
    }

    /** It looks for these names, and into no part. */
    @Test
    void writesWhatRelease010FindsIntoASpoolThatWasThereBefore() throws IOException {
        flat();
        accept("new");
        assertThat(RunningVitrine.names(spool.folder())).containsExactly("new.img", "new.json");
        prepare("half");
        assertThat(RunningVitrine.names(spool.folder())).contains(".part-half.json", "half.img");
        assertThat(spool.sweep(Duration.ofMinutes(15))).isZero();
        spool.discard("half");
        spool.remove("new");
        assertThat(kept()).isEmpty();
    }

    @Test
    void hasPartsOnceSomebodySaysSoAndIsFlatAgainWithoutThem() throws IOException {
        flat();
        accept("before");
        Files.createDirectory(spool.folder().resolve("parts"));
        accept("until-the-next-start");
        spool = new FolderSpool(spool.folder()).open();
        accept("after");
        assertThat(spool.picture("after").getParent()).isNotEqualTo(spool.folder());
        Files.delete(spool.folder().resolve("parts"));
        spool = new FolderSpool(spool.folder()).open();
        accept("back");
        assertThat(spool.folder().resolve("back.json")).exists();

        assertThat(owed()).containsExactlyInAnyOrder("before", "until-the-next-start", "after", "back");
        assertThat(spool.picture("after")).hasContent("after");
        age();
        assertThat(spool.sweep(Duration.ofMinutes(15))).isZero();
        assertThat(spool.use().files()).isEqualTo(8);
        owed().forEach(spool::remove);
        assertThat(kept()).isEmpty();
    }

    @Test
    void saysThatItsPlaceIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> new FolderSpool(file).open()).hasMessageContaining("cannot be made");
    }

    /** One that release 0.1.0 made. */
    private void flat() throws IOException {
        spool = new FolderSpool(Files.createDirectory(folder.resolve("flat"))).open();
    }

    @Test
    void commitsManyAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> commits = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = "job-" + i;
                prepare(id);
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
        prepare("a");
        Files.delete(spool.picture("a"));

        assertThatThrownBy(() -> spool.commit("a")).isInstanceOf(UncheckedIOException.class);

        assertThat(spool.owes("a")).isFalse();
        spool.discard("a");
        assertThat(kept()).isEmpty();
    }
}
