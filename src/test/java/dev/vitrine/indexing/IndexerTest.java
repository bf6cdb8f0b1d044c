package dev.vitrine.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.LuceneIndex;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.job.Job;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import dev.vitrine.reindex.KeptPictures;
import dev.vitrine.reindex.StateFile;
import dev.vitrine.spool.FolderSpool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexerTest {
    private static final VectorSpace SPACE = new VectorSpace("tiny", "a".repeat(64), 2);

    private static Job job(Map<String, Object> metadata, String collection) {
        return new Job("id", "mug", "main", "Mug", metadata, 1, "image/jpeg", collection);
    }

    /** Another program may write the spool, too, and what it writes was not checked. */
    @Test
    void whatTheIndexRefusesIsToldFromAnIndexThatIsAway(@TempDir Path folder) throws Exception {
        try (LuceneIndex index = new LuceneIndex(folder, SPACE)) {
            ProductCollections indexes = new ProductCollections(
                    index,
                    new IndexSettings(IndexSettings.EMBEDDED, "", "products", folder, IndexSettings.DEFAULT_DEADLINE),
                    SPACE);
            FolderSpool spool = new FolderSpool(folder);
            ArchiveKeeper keeper = new ArchiveKeeper(
                    new KeptPictures(Optional.empty(), folder, new StateFile(folder)::read),
                    spool,
                    indexes,
                    Clock.systemUTC());
            Indexer indexer = new Indexer(
                    indexes,
                    new Generations(new StateFile(folder), null, new Generation(null, null, indexes.serving())),
                    spool,
                    keeper,
                    Clock.systemUTC(),
                    new SimpleMeterRegistry().timer("upsert"));

            assertThatThrownBy(() -> indexer.upsert(job(Map.of("a", "\uD800"), null), new float[] {1, 0}, null))
                    .isInstanceOf(RefusedByIndexException.class)
                    .hasMessageContaining("metadata holds a text that is not valid Unicode");
            assertThatThrownBy(() -> indexer.upsert(job(Map.of(), null), new float[] {1, 0, 0}, null))
                    .isInstanceOf(RefusedByIndexException.class);
            assertThatThrownBy(() -> indexer.upsert(job(Map.of(), "unlisted"), new float[] {1, 0}, null))
                    .isInstanceOf(UnknownCollectionException.class);

            indexer.upsert(job(Map.of("a", 1), null), new float[] {1, 0}, null);
            assertThat(index.find("mug")).hasSize(1);
        }
    }
}
