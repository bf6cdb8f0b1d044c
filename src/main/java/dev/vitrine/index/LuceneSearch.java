package dev.vitrine.index;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;

/** Finds the nearest products in a {@link LuceneIndex}. */
final class LuceneSearch {

    /**
     * Candidates that a search keeps at least in each segment's graph (HNSW's ef): more find better neighbours and take
     * longer.
     */
    private static final int CANDIDATES = 24;

    private static final int MAX_CANDIDATES = 10_000;

    private LuceneSearch() {}

    /**
     * The best picture of each product. Where the nearest pictures are of too few products, those are left out and the
     * next are asked for, four times as many each time. Where the graph ends before all that match have come, every one of
     * them is looked at.
     *
     * @param unit the query's vector, of length 1
     */
    static List<SearchHit> nearest(IndexSearcher searcher, float[] unit, ProductQuery query) throws IOException {
        int limit = query.limit();
        Query filter = query.filter() == null ? null : LuceneFilter.of(query.filter());
        StoredFields fields = searcher.storedFields();
        Map<String, SearchHit> best = new LinkedHashMap<>();
        Query wanted = filter;
        boolean exact = false;
        for (int candidates = Math.max(2 * limit, CANDIDATES);
                ;
                candidates = Math.min(4 * candidates, MAX_CANDIDATES)) {
            ScoreDoc[] docs = exact
                    ? ExactScan.nearest(searcher, unit, allOf(wanted), candidates)
                    : searcher.search(
                                    new KnnFloatVectorQuery(LuceneDocument.VECTOR, unit, candidates, wanted),
                                    candidates)
                            .scoreDocs;
            for (ScoreDoc doc : docs) {
                float cosine = Math.min(1, 2 * doc.score - 1); // Lucene scores (1 + cosine) / 2
                if (cosine < query.minScore()) {
                    return List.copyOf(best.values());
                }
                Product product = LuceneDocument.product(fields.document(doc.doc));
                if (!query.without().contains(product.productId())) {
                    best.putIfAbsent(product.productId(), new SearchHit(product, cosine));
                }
                if (best.size() == limit) {
                    return List.copyOf(best.values());
                }
            }
            if (docs.length < candidates) {
                if (exact || docs.length == searcher.count(allOf(wanted))) {
                    return List.copyOf(best.values());
                }
                exact = true; // and anew, as what the graph did not reach may be nearer than what it found
                best.clear();
                wanted = filter;
                continue;
            }
            wanted = allBut(Stream.concat(best.keySet().stream(), query.without().stream()), filter);
        }
    }

    private static Query allOf(Query filter) {
        return filter == null ? new MatchAllDocsQuery() : filter;
    }

    /** Matches the points that a filter matches, but those of some products. */
    private static Query allBut(Stream<String> productIds, Query filter) {
        return new BooleanQuery.Builder()
                .add(allOf(filter), BooleanClause.Occur.FILTER)
                .add(
                        new TermInSetQuery(
                                LuceneDocument.PRODUCT_ID,
                                productIds.map(BytesRef::new).toList()),
                        BooleanClause.Occur.MUST_NOT)
                .build();
    }
}
