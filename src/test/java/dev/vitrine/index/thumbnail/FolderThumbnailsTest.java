package dev.vitrine.index.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderThumbnailsTest extends ThumbnailsContract {
    @TempDir
    private Path folder;

    @Override
    Thumbnails thumbnails() {
        return new FolderThumbnails(folder.resolve("thumbnails"));
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    long files() throws IOException {
        return all().size();
    }

    @Override
    void overwrite(byte[] content) throws IOException {
        Files.write(all().get(0), content);
    }

    @Test
    void sweepsWhatIsHalfWritten() throws IOException {
        Path half = Files.createTempFile(Files.createDirectories(folder.resolve("thumbnails/00")), ".part-", ".jpg");

        assertThat(sweepAll(Instant.MAX, label -> true)).isOne();

        assertThat(half).doesNotExist();
    }
}
