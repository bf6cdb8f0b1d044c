package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTombstonesTest extends TombstonesContract {
    @TempDir
    private Path data;

    @Override
    Tombstones tombstones() {
        return new FolderTombstones(data.resolve("deleted"));
    }

    @Override
    void age() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("deleted"))) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(15))));
            }
        }
    }

    @Test
    void keepsWhatCameAfterTheOld() throws IOException {
        tombstones().remember("old", 1);
        age();
        tombstones().remember("new", 2);

        assertThat(tombstones().forget(Duration.ofDays(14), Set::of)).isOne();

        assertThat(tombstones().version("new")).isEqualTo(2);
    }

    @Test
    void hasNothingToForgetBeforeTheFirstDeletion() {
        assertThat(tombstones().forget(Duration.ZERO, Set::of)).isZero();
    }
}
