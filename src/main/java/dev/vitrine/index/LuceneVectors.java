package dev.vitrine.index;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;

/** The vectors that a {@link LuceneIndex} holds of a product. */
final class LuceneVectors {
    private LuceneVectors() {}

    /** By image id, ordered. */
    static Map<String, float[]> of(IndexSearcher searcher, String productId) throws IOException {
        Map<String, float[]> vectors = new TreeMap<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            PostingsEnum docs =
                    leaf.reader().postings(new Term(LuceneDocument.PRODUCT_ID, productId), PostingsEnum.NONE);
            FloatVectorValues values = leaf.reader().getFloatVectorValues(LuceneDocument.VECTOR);
            if (docs == null || values == null) {
                continue;
            }
            Bits live = leaf.reader().getLiveDocs();
            StoredFields fields = leaf.reader().storedFields();
            for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                if ((live == null || live.get(doc)) && values.advance(doc) == doc) {
                    String imageId = LuceneDocument.point(null, fields, doc).imageId();
                    vectors.put(imageId, values.vectorValue().clone());
                }
            }
        }
        return vectors;
    }
}
