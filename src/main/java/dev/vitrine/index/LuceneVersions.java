package dev.vitrine.index;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;

/** The versions in a {@link LuceneIndex}. */
final class LuceneVersions {
    private LuceneVersions() {}

    /** The greatest that is not beyond a bound, of points that are or were there; −1 where there is none. */
    static long newest(IndexSearcher searcher, long until) throws IOException {
        long newest = -1;
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            NumericDocValues versions = leaf.reader().getNumericDocValues(LuceneDocument.VERSION);
            while (versions != null && versions.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
                if (versions.longValue() <= until) {
                    newest = Math.max(newest, versions.longValue());
                }
            }
        }
        return newest;
    }
}
