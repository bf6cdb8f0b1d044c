package dev.vitrine.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures kept as they came, in a bucket. */
class ObjectArchiveTest {
    private static final Instant LATER = Instant.now().plusSeconds(3_600);

    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    @TempDir
    private Path folder;

    private Path work;
    private Archive archive;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_ARCHIVE", new StoreAddress(S3Server.BUCKET, "archive/"));
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
        archive = new ObjectArchive(store, work);
    }

    @AfterEach
    void clear() {
        front.behave();
        server.clear();
    }

    private static Job job(String productId, long version) {
        return new Job("id", productId, "main", productId, Map.of(), version, "image/png");
    }

    private void keep(String productId, long version, String content) throws IOException {
        archive.keep(job(productId, version), Files.writeString(folder.resolve("picture.img"), content));
    }

    private Optional<String> find(String productId, long version) throws IOException {
        Optional<ArchivedFile> file =
                new ObjectArchive(store, work).find(job(productId, version).pictureKey(), version);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (ArchivedFile open = file.get()) {
            return Optional.of(Files.readString(open.path()));
        }
    }

    private int sweep(Instant before, Predicate<ArchivedPicture> isWanted) {
        return server.keys("").stream()
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

        assertThat(server.keys("")).hasSize(2);
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
        server.keys("").stream().filter(key -> key.endsWith(".json")).forEach(server::remove);

        assertThat(find("mug", 1)).isEmpty();
        assertThat(sweep(LATER, label -> true)).isOne();
        assertThat(server.keys("")).isEmpty();
    }

    @Test
    void emptiesWhatItMayNotDelete() throws IOException {
        keep("mug", 1, "mug");
        front.refuse("DELETE", 403, "AccessDenied");

        sweep(LATER, label -> false);

        assertThat(find("mug", 1)).isEmpty();
        assertThat(sweep(LATER, label -> false)).isZero();
        front.behave();
        archive = new ObjectArchive(store, work);
        sweep(LATER, label -> false);
        assertThat(server.keys("")).isEmpty();
    }
}
