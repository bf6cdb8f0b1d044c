package dev.vitrine.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryOutboxTest {
    @TempDir
    private Path parent;

    private final AtomicLong dropped = new AtomicLong();
    private final History history = new History(Optional.empty(), Optional.empty(), null, Clock.systemUTC());
    private OutboxFolder own;

    @BeforeEach
    void take() throws Exception {
        own = OutboxFolder.take(parent);
    }

    @Test
    void givesWhatWasRecordedInFilesOfSomeHundred() throws Exception {
        try (HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet)) {
            for (int i = 0; i < 501; i++) {
                box.ended(event("job-" + i, "no reason"));
            }
            assertThat(ready()).as("the full file").hasSize(1);
            box.release();
        }

        assertThat(ready()).hasSize(2);
        assertThat(history.rows(ready().get(0).toFile())).hasSize(500);
        List<Map<String, Object>> rest = history.rows(ready().get(1).toFile());
        assertThat(rest).hasSize(1);
        assertThat(rest.get(0)).containsEntry("job_id", "job-500").containsEntry("outcome", "retrying");
    }

    @Test
    void takesUpWhatAProcessLeftThatIsGone() throws Exception {
        HistoryOutbox killed = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet);
        killed.ended(event("before", "x"));
        own.close();

        own = OutboxFolder.take(parent);
        try (HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet)) {
            assertThat(box.waiting()).isPositive();
            assertThat(box.oldest()).isPositive();
            box.ended(event("after", "x"));
        }

        assertThat(ready()).hasSize(2);
        assertThat(history.rows(ready().get(0).toFile()).get(0)).containsEntry("job_id", "before");
    }

    @Test
    void givesEachProcessAFolderOfItsOwn() throws Exception {
        try (OutboxFolder other = OutboxFolder.take(parent)) {
            assertThat(other.path()).isNotEqualTo(own.path());
        }
    }

    @Test
    void countsWhatFindsNoRoomAndGoesOnWhenThereIs() throws Exception {
        try (HistoryOutbox box = new HistoryOutbox(own.path(), 2_000, dropped::addAndGet)) {
            for (int i = 0; i < 10; i++) {
                box.ended(event("job-" + i, "y".repeat(300)));
            }
            assertThat(dropped.get()).isBetween(4L, 8L);
            box.release();
            long lost = dropped.get();
            box.done(Files.size(ready().get(0)));
            box.ended(event("later", "y"));
            assertThat(dropped.get()).isEqualTo(lost);
        }
    }

    @Test
    void holdsInMemoryWhatTheDiskDoesNotTakeAndWritesItLater() throws Exception {
        try (HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet)) {
            Path aside = Files.move(own.path(), parent.resolve("aside"));
            box.ended(event("job-1", "x"));
            box.ended(event("job-2", "x"));
            box.release();
            Files.move(aside, own.path());
            box.release();
        }
        assertThat(history.rows(ready().get(0).toFile()))
                .extracting(row -> row.get("job_id"))
                .containsExactly("job-1", "job-2");
        assertThat(dropped).hasValue(0);
    }

    @Test
    void countsWhatMemoryHeldAtTheEnd() throws Exception {
        HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet);
        Files.move(own.path(), parent.resolve("aside"));
        box.ended(event("job-1", "x"));
        box.close();
        assertThat(dropped).hasValue(1);
    }

    @Test
    void takesOverWhatProcessesLeftInWhosePlaceNoneStarts() throws Exception {
        Path gone = Files.createDirectories(parent.resolve("7"));
        try (HistoryOutbox left = new HistoryOutbox(gone, 1_000_000, dropped::addAndGet);
                HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet)) {
            left.ended(event("left", "x"));
            own.adopt(HistoryOutbox.SUFFIXES, box::adopt);
            assertThat(box.waiting()).isPositive();
        }
        assertThat(history.rows(ready().get(0).toFile()).get(0)).containsEntry("job_id", "left");
        try (Stream<Path> files = Files.list(gone)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lock");
        }
    }

    @Test
    void leavesOutALineThatAStopOfTheMachineCutOff() throws Exception {
        try (HistoryOutbox box = new HistoryOutbox(own.path(), 1_000_000, dropped::addAndGet)) {
            box.ended(event("whole", "x"));
        }
        Path file = ready().get(0);
        Files.writeString(file, Files.readString(file) + "{\"job_id\":\"ha");

        assertThat(history.rows(file.toFile())).hasSize(1);
    }

    private List<Path> ready() throws Exception {
        try (Stream<Path> files = Files.list(own.path())) {
            return files.filter(file -> file.toString().endsWith(HistoryOutbox.READY))
                    .sorted()
                    .toList();
        }
    }

    private static JobEvent event(String job, String reason) {
        return new JobEvent(
                job, "lease", 1, JobStatus.RETRYING, "p", "main", "name", null, 1, 2, 3, "w", null, reason, "");
    }
}
