package dev.vitrine.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;

/** The other pictures of products that were found in a {@link LuceneIndex}, each compared with the query itself. */
final class LuceneOthers {

    private record Candidate(int doc, float score) {}

    private final IndexSearcher searcher;
    private final float[] unit;
    private final ProductQuery query;
    private final Bits wanted;

    private LuceneOthers(IndexSearcher searcher, float[] unit, ProductQuery query, Bits wanted) {
        this.searcher = searcher;
        this.unit = unit;
        this.query = query;
        this.wanted = wanted;
    }

    /** @param unit the query's vector, of length 1 */
    static LuceneOthers of(IndexSearcher searcher, float[] unit, ProductQuery query) throws IOException {
        Query filter = query.filter() == null ? null : LuceneFilter.of(query.filter());
        return new LuceneOthers(searcher, unit, query, filter == null ? null : LucenePoints.matching(searcher, filter));
    }

    List<SearchHit> addTo(List<SearchHit> hits) throws IOException {
        List<SearchHit> whole = new ArrayList<>();
        for (SearchHit hit : hits) {
            whole.add(hit.with(others(hit.product())));
        }
        return whole;
    }

    private List<SearchHit.Other> others(Product best) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            compare(leaf, best.productId(), candidates);
        }
        candidates.sort(Comparator.comparing(Candidate::score).reversed());
        StoredFields fields = searcher.storedFields();
        List<SearchHit.Other> others = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (others.size() == query.others()) {
                break;
            }
            Product product = LuceneDocument.product(fields.document(candidate.doc()));
            if (!product.imageId().equals(best.imageId())) {
                others.add(new SearchHit.Other(product, candidate.score()));
            }
        }
        return others;
    }

    private void compare(LeafReaderContext leaf, String productId, List<Candidate> candidates) throws IOException {
        PostingsEnum docs = leaf.reader().postings(new Term(LuceneDocument.PRODUCT_ID, productId), PostingsEnum.NONE);
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(LuceneDocument.VECTOR);
        if (docs == null || vectors == null) {
            return;
        }
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if ((live == null || live.get(doc))
                    && (wanted == null || wanted.get(leaf.docBase + doc))
                    && vectors.advance(doc) == doc) {
                float cosine = Math.max(-1, Math.min(1, VectorUtil.dotProduct(unit, vectors.vectorValue())));
                if (cosine >= query.minScore()) {
                    candidates.add(new Candidate(leaf.docBase + doc, cosine));
                }
            }
        }
    }
}
