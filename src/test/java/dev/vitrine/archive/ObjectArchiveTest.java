package dev.vitrine.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import dev.vitrine.testing.S3Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pictures kept as they came, in a bucket. */
class ObjectArchiveTest {
    private static final Instant LATER = Instant.now().plusSeconds(3_600);

    @RegisterExtension
    static final S3Bucket bucket = new S3Bucket("VITRINE_ARCHIVE", "archive/");

    @TempDir
    private Path folder;

    private Path work;
    private Archive archive;

    @BeforeEach
    void open() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
        archive = new ObjectArchive(bucket.store(), work);
    }

    private static Job job(String productId, long version) {
        return new Job("id", productId, "main", productId, Map.of(), version, "image/png");
    }

    private void keep(String productId, long version, String content) throws IOException {
        archive.keep(job(productId, version), Files.writeString(folder.resolve("picture.img"), content));
    }

    private Optional<String> find(String productId, long version) throws IOException {
        Optional<ArchivedFile> file = new ObjectArchive(bucket.store(), work)
                .find(job(productId, version).pictureKey(), version);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (ArchivedFile open = file.get()) {
            return Optional.of(Files.readString(open.path()));
        }
    }

    private int sweep(Instant before, Predicate<ArchivedPicture> isWanted) {
        return bucket.server().keys("").stream()
                .map(key -> Integer.parseInt(key.split("/")[1], 16))
                .distinct()
                .mapToInt(shard -> archive.sweep(shard, before, isWanted))
                .sum();
    }

    @Test
    void aPictureIsKeptByteForByteAndLeavesNoFileHere() throws IOException {
        keep("mug", 1, "as it came");

        assertThat(find("mug", 1)).contains("as it came");
        assertThat(find("mug", 2)).as("of a later upload").isEmpty();
        assertThat(find("cup", 1)).isEmpty();
        assertThat(archive.has(job("mug", 1).pictureKey(), 1)).isTrue();
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void theLatestUploadCountsHoweverLateAnEarlierOneIsKept() throws IOException {
        keep("mug", 10, "tenth");
        keep("mug", 9, "ninth");
        assertThat(find("mug", 9)).contains("tenth");

        assertThat(sweep(LATER, label -> true)).isOne();

        assertThat(bucket.server().keys("")).hasSize(2);
        assertThat(find("mug", 10)).contains("tenth");
    }

    @Test
    void whatNobodyWantsIsSweptOnceItIsOld() throws IOException {
        keep("mug", 1, "mug");
        keep("cup", 1, "cup");

        assertThat(sweep(Instant.now().minusSeconds(60), label -> false)).isZero();
        assertThat(sweep(LATER, label -> label.productId().equals("cup"))).isOne();

        assertThat(find("mug", 1)).isEmpty();
        assertThat(find("cup", 1)).contains("cup");
    }

    @Test
    void aPictureWithoutItsLabelIsNotKeptAndGoesOnceItIsOld() throws IOException {
        keep("mug", 1, "mug");
        bucket.server().keys("").stream().filter(key -> key.endsWith(".json")).forEach(bucket.server()::remove);

        assertThat(find("mug", 1)).isEmpty();
        assertThat(sweep(LATER, label -> true)).isOne();
        assertThat(bucket.server().keys("")).isEmpty();
    }

    @Test
    void emptiesWhatItMayNotDelete() throws IOException {
        keep("mug", 1, "mug");
        bucket.front().refuse("DELETE", 403, "AccessDenied");

        sweep(LATER, label -> false);

        assertThat(find("mug", 1)).isEmpty();
        assertThat(sweep(LATER, label -> false)).isZero();
        bucket.front().behave();
        archive = new ObjectArchive(bucket.store(), work);
        sweep(LATER, label -> false);
        assertThat(bucket.server().keys("")).isEmpty();
    }
}
