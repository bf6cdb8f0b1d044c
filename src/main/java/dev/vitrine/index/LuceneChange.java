package dev.vitrine.index;

import org.apache.lucene.search.Query;

/** What the one thread that writes a {@link LuceneIndex} is asked to do. */
sealed interface LuceneChange {

    record Put(String pointId, Product product, float[] unit) implements LuceneChange {}

    /** @param imageId null for all pictures */
    record Delete(String productId, String imageId, long version) implements LuceneChange {

        boolean concerns(String imageId) {
            return this.imageId == null || this.imageId.equals(imageId);
        }
    }

    /** Removes all points that a query matches and that are no newer than a version. */
    record DeleteMatching(Query query, long version) implements LuceneChange {}

    /** Commits a merge of segments, though no caller waits for it. */
    record Settle() implements LuceneChange {}

    record Probe() implements LuceneChange {}
}
