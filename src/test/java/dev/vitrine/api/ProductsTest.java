package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.LuceneIndex;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.index.thumbnail.FolderThumbnails;
import dev.vitrine.index.thumbnail.Thumbnails;
import dev.vitrine.indexing.Deletions;
import dev.vitrine.indexing.Worklist;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.spool.FolderSpool;
import dev.vitrine.spool.FolderTombstones;
import dev.vitrine.spool.OwedProducts;
import dev.vitrine.spool.Tombstones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductsTest {
    private static final VectorSpace SPACE = new VectorSpace("tiny", "a".repeat(64), 2);

    @TempDir
    private Path folder;

    private LuceneIndex index;
    private ProductCollections indexes;
    private FolderSpool spool;
    private Tombstones tombstones;
    private Thumbnails thumbnails;
    private Products products;

    @BeforeEach
    void open() {
        index = new LuceneIndex(folder.resolve("index"), SPACE);
        indexes = new ProductCollections(
                index,
                new IndexSettings(
                        IndexSettings.EMBEDDED,
                        "",
                        "products",
                        folder.resolve("index"),
                        IndexSettings.DEFAULT_DEADLINE),
                SPACE);
        spool = new FolderSpool(folder.resolve("spool")).open();
        tombstones = new FolderTombstones(folder.resolve("deleted"));
        thumbnails = new FolderThumbnails(folder.resolve("thumbnails"));
        products = new Products(
                indexes, new OwedProducts(spool), tombstones, (collection, product, image) -> 100, thumbnails);
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void index(String productId, String imageId, long version) {
        index.upsert(
                new Product(productId, imageId, "Name", Instant.EPOCH, version, "tiny", Map.of()), new float[] {1, 0});
    }

    private Job owe(String productId, String imageId, long version) throws IOException {
        return owe(productId, imageId, version, Map.of());
    }

    private Job owe(String productId, String imageId, long version, Map<String, Object> metadata) throws IOException {
        Job job = new Job("job-" + version, productId, imageId, "Name", metadata, version, "image/jpeg");
        Files.write(spool.folder().resolve(job.id() + ".json"), new ObjectMapper().writeValueAsBytes(job));
        return job;
    }

    private List<String> imageIds(String productId) {
        return products.get(productId, null).images().stream()
                .map(Products.ImageView::imageId)
                .toList();
    }

    private static void assertUnknown(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.status())
                .isEqualTo(404));
    }

    @Test
    void showsTimesWithMilliseconds() {
        index("mug", "main", 1);
        assertThat(products.get("mug", null).images().get(0).indexedAt()).isEqualTo("1970-01-01T00:00:00.000Z");
    }

    @Test
    void deletesOnePictureAndKeepsTheOthers() {
        index("two", "front", 1);
        index("two", "back", 2);

        assertThat(products.deleteImage("two", "back", null)).isEqualTo(new Products.Deletion("two", "back", 1));

        assertThat(imageIds("two")).containsExactly("front");
        assertUnknown(() -> products.deleteImage("two", "back", null));
        assertUnknown(() -> products.deleteImage("two", "..", null));
        assertThat(products.delete("two", null)).isEqualTo(new Products.Deletion("two", null, 1));
        assertUnknown(() -> products.get("two", null));
    }

    @Test
    void aDeletionOfWhatIsNotThereLeavesNothingBehind() throws IOException {
        owe("other", "main", 5);
        for (int i = 0; i < 20; i++) {
            String id = "unknown-" + i;
            assertUnknown(() -> products.delete(id, null));
            assertUnknown(() -> products.deleteImage(id, "main", null));
        }
        assertThat(folder.resolve("deleted")).doesNotExist();
    }

    @Test
    void aDeletionHoldsAgainstUploadsThatWait() throws IOException {
        Job waiting = owe("gone", "main", 5);
        Worklist worklist = new Worklist(spool, new LocalJobStore(1), indexes, tombstones, JobEvents.NONE);

        assertUnknown(() -> products.delete("gone", null));

        assertThat(worklist.load(waiting.id())).isNull();
        Job later = owe("gone", "main", 101);
        assertThat(worklist.load(later.id())).isEqualTo(later);
    }

    /** It takes as long as the spool is large. */
    @Test
    void aDeletionOfWhatIsThereDoesNotLookThroughTheSpool() throws IOException {
        index("mug", "main", 1);
        Files.delete(spool.folder().resolve("parts"));
        Files.delete(spool.folder());

        assertThat(products.delete("mug", null).deleted()).isOne();

        assertThat(tombstones.version(Job.productKey(null, "mug"))).isEqualTo(100);
    }

    @Test
    void theDeletionOfAPictureHoldsForThisPictureAlone() throws IOException {
        index("two", "front", 1);
        index("two", "back", 2);
        Job front = owe("two", "front", 5);
        Job back = owe("two", "back", 6);
        Worklist worklist = new Worklist(spool, new LocalJobStore(1), indexes, tombstones, JobEvents.NONE);

        products.deleteImage("two", "back", null);
        assertThat(worklist.load(back.id())).isNull();
        assertThat(worklist.load(front.id())).isEqualTo(front);

        // A worker was between its last look and its upsert.
        index("two", "back", 6);
        index("two", "front", 5);
        Deletions deletions = new Deletions(tombstones, indexes, thumbnails);
        deletions.enforce(back);
        deletions.enforce(front);
        assertThat(imageIds("two")).containsExactly("front");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "", "a b", "grün", "a/b"})
    void whatCannotBeAnIdIsUnknown(String id) {
        assertUnknown(() -> products.get(id, null));
        assertUnknown(() -> products.delete(id, null));
    }

    @Test
    void anIdOfAnyLengthIsUnknownToo() {
        assertUnknown(() -> products.get("x".repeat(2_000), null));
    }

    @Test
    void aDeletionByFilterHoldsAgainstWaitingUploadsThatMeetItAndNoOthers() throws IOException {
        index.upsert(
                new Product("mug", "main", "Name", Instant.EPOCH, 1, "tiny", Map.of("sold", true)), new float[] {1, 0});
        Job meets = owe("mug", "main", 5, Map.of("sold", true));
        Job meetsNot = owe("mug", "main", 6, Map.of("sold", false));
        Worklist worklist = new Worklist(spool, new LocalJobStore(1), indexes, tombstones, JobEvents.NONE);

        BulkDeletion.Deleted deleted =
                new BulkDeletion(indexes, spool, tombstones, () -> 100).delete("{\"sold\":true}", null);

        assertThat(deleted.deleted()).isOne();
        assertThat(worklist.load(meets.id())).isNull();
        assertThat(worklist.load(meetsNot.id())).isEqualTo(meetsNot);
    }
}
