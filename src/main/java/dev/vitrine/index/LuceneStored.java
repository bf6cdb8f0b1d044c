package dev.vitrine.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/** Whole points of a {@link LuceneIndex}, in the order of their ids. */
final class LuceneStored {
    private LuceneStored() {}

    /**
     * The points with greater ids than one.
     *
     * @param after empty for the first ones
     * @param filter null for all points
     */
    static List<StoredPoint> after(IndexSearcher searcher, String after, int count, Query filter, boolean withVectors)
            throws IOException {
        IndexReader reader = searcher.getIndexReader();
        List<StoredPoint> points = new ArrayList<>();
        for (LucenePoints.Place place : new LucenePoints(searcher, filter).places(after, count)) {
            Product product = LuceneDocument.product(reader.storedFields().document(place.doc()));
            points.add(new StoredPoint(place.id(), product, withVectors ? vector(reader, place.doc()) : null));
        }
        return points;
    }

    private static float[] vector(IndexReader reader, int doc) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(LuceneDocument.VECTOR);
        if (values == null || values.advance(doc - leaf.docBase) != doc - leaf.docBase) {
            throw new IOException("A point has no vector");
        }
        return values.vectorValue().clone();
    }
}
