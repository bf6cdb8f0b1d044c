package dev.vitrine.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures kept as they came, each content once. */
class FolderArchiveTest {
    private static final Instant LATER = Instant.now().plusSeconds(3_600);

    @TempDir
    private Path folder;

    private Archive archive;

    @BeforeEach
    void open() {
        archive = new FolderArchive(folder.resolve("archive"));
    }

    @Test
    void aPictureIsKeptByteForByteAfterItsFileIsGone() throws IOException {
        Path picture = picture("mug");
        archive.keep(job("mug", 1), picture);
        Files.delete(picture);

        assertThat(archive.find(job("mug", 1).pictureKey(), 1).orElseThrow().path())
                .hasContent("mug");
        assertThat(archive.find(job("cup", 1).pictureKey(), 1)).isEmpty();
    }

    @Test
    void oneContentIsKeptOnceForAllProductsAndAsLongAsOneShowsIt() throws IOException {
        archive.keep(job("a", 1), picture("same"));
        archive.keep(job("b", 1), picture("same"));
        assertThat(contents()).hasSize(1);

        assertThat(sweep(label -> label.productId().equals("b"))).isZero();
        assertThat(archive.find(job("a", 1).pictureKey(), 1)).isEmpty();
        assertThat(archive.find(job("b", 1).pictureKey(), 1)).isPresent();

        assertThat(sweep(label -> false) + sweep(label -> false)).isEqualTo(1); // owners first, then contents
        assertThat(contents()).isEmpty();
        assertThat(archive.find(job("b", 1).pictureKey(), 1)).isEmpty();
    }

    @Test
    void anotherPictureOfTheSameIdsReplacesTheFirstAndAnOlderOneDoesNot() throws IOException {
        archive.keep(job("mug", 2), picture("second"));
        archive.keep(job("mug", 1), picture("first"));
        assertThat(archive.find(job("mug", 2).pictureKey(), 2).orElseThrow().path())
                .hasContent("second");
        archive.keep(job("mug", 3), picture("third"));
        assertThat(archive.find(job("mug", 3).pictureKey(), 3).orElseThrow().path())
                .hasContent("third");

        assertThat(sweep(label -> true)).isEqualTo(2);
        assertThat(contents()).hasSize(1);
    }

    @Test
    void whatHasJustComeStays() throws IOException {
        archive.keep(job("mug", 1), picture("mug"));
        int removed = IntStream.range(0, Archive.SHARDS)
                .map(shard -> archive.sweep(shard, Instant.now().minusSeconds(60), label -> false))
                .sum();
        assertThat(removed).isZero();
        assertThat(archive.find(job("mug", 1).pictureKey(), 1)).isPresent();
    }

    @Test
    void aSweepThatWasCutOffLosesNothing() throws IOException {
        archive.keep(job("mug", 1), picture("mug"));
        Path content = contents().get(0);
        Files.move(content, content.resolveSibling("going"));

        sweep(label -> true);
        assertThat(archive.find(job("mug", 1).pictureKey(), 1).orElseThrow().path())
                .hasContent("mug");
    }

    private int sweep(Predicate<ArchivedPicture> isWanted) {
        return IntStream.range(0, Archive.SHARDS)
                .map(shard -> archive.sweep(shard, LATER, isWanted))
                .sum();
    }

    private List<Path> contents() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("archive/pictures"))) {
            return files.filter(file -> file.getFileName().toString().equals("picture"))
                    .toList();
        }
    }

    private Path picture(String content) {
        try {
            return Files.writeString(Files.createTempFile(folder, "picture", ".img"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Job job(String productId, long version) {
        return new Job("id", productId, "main", productId, Map.of(), version, "image/png");
    }
}
