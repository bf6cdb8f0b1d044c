package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHashesTest {

    /** SHA-256 of "abc", FIPS 180-2 appendix B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path temp;

    private Path file;
    private Path cache;

    @BeforeEach
    void writeAFile() throws IOException {
        file = temp.resolve("file");
        cache = temp.resolve("cache");
        write("abc");
    }

    @Test
    void computesSha256() {
        assertThat(new FileHashes(cache).sha256(file)).isEqualTo(ABC);
    }

    @Test
    void doesNotReadAFileAgainThatLooksTheSame() throws IOException {
        new FileHashes(cache).sha256(file);
        write("xyz");
        assertThat(new FileHashes(cache).sha256(file)).isEqualTo(ABC);
    }

    @Test
    void readsAgainWhenTheTimeChanged() throws IOException {
        new FileHashes(cache).sha256(file);
        write("xyz");
        Files.setLastModifiedTime(file, FileTime.from(THEN.toInstant().plusSeconds(1)));
        assertThat(new FileHashes(cache).sha256(file)).isNotEqualTo(ABC);
    }

    @Test
    void readsAgainWhenTheSizeChanged() throws IOException {
        new FileHashes(cache).sha256(file);
        write("abcd");
        assertThat(new FileHashes(cache).sha256(file)).isNotEqualTo(ABC);
    }

    @Test
    void aBrokenCacheOnlyCostsTime() throws IOException {
        new FileHashes(cache).sha256(file);
        try (var files = Files.list(cache)) {
            Files.writeString(files.findFirst().orElseThrow(), "{ not JSON");
        }
        assertThat(new FileHashes(cache).sha256(file)).isEqualTo(ABC);
    }

    @Test
    void aCacheThatCannotBeWrittenOnlyCostsTime() throws IOException {
        Files.writeString(cache, "a file where the folder should be");
        assertThat(new FileHashes(cache).sha256(file)).isEqualTo(ABC);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, THEN);
    }
}
