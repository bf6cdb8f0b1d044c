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

class TombstonesTest {
    @TempDir
    Path data;

    private Tombstones tombstones() {
        return new Tombstones(data.resolve("deleted"));
    }

    @Test
    void remembersTheLatestDeletionOfEachProduct() {
        assertThat(tombstones().version("mug:1")).isEqualTo(-1);
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
    void forgetsWhatIsOld() throws IOException {
        assertThat(tombstones().forget(Duration.ZERO, Set::of)).isZero();
        tombstones().remember("old", 1);
        tombstones().remember("waits", 3);
        try (Stream<Path> files = Files.list(data.resolve("deleted"))) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(15))));
            }
        }
        tombstones().remember("new", 2);

        assertThat(tombstones().forget(Duration.ofDays(14), () -> Set.of("waits")))
                .isOne();
        assertThat(tombstones().version("waits")).isEqualTo(3);

        assertThat(tombstones().version("old")).isEqualTo(-1);
        assertThat(tombstones().version("new")).isEqualTo(2);
    }
}
