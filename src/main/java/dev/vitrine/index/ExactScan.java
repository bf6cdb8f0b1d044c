package dev.vitrine.index;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/**
 * Compares a vector with every one that a query matches. The graph is faster by far, but does not reach everything where
 * many vectors are equal: those that point at each other alone are an island.
 */
final class ExactScan {
    private static final Comparator<ScoreDoc> NEAREST_FIRST =
            Comparator.comparingDouble((ScoreDoc d) -> -d.score).thenComparingInt(d -> d.doc);

    private ExactScan() {}

    /** The nearest of those that match, nearest first, with Lucene's scores. */
    static ScoreDoc[] nearest(IndexSearcher searcher, float[] unit, Query wanted, int count) throws IOException {
        PriorityQueue<ScoreDoc> nearest = new PriorityQueue<>(NEAREST_FIRST.reversed());
        Weight weight = searcher.createWeight(searcher.rewrite(wanted), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Scorer scorer = weight.scorer(leaf);
            if (scorer == null) {
                continue;
            }
            Bits alive = leaf.reader().getLiveDocs();
            DoubleValues scores = DoubleValuesSource.similarityToQueryVector(leaf, unit, LuceneDocument.VECTOR);
            DocIdSetIterator matches = scorer.iterator();
            for (int doc = matches.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = matches.nextDoc()) {
                if ((alive == null || alive.get(doc)) && scores.advanceExact(doc)) {
                    nearest.add(new ScoreDoc(leaf.docBase + doc, (float) scores.doubleValue()));
                    if (nearest.size() > count) {
                        nearest.remove();
                    }
                }
            }
        }
        return nearest.stream().sorted(NEAREST_FIRST).toArray(ScoreDoc[]::new);
    }
}
