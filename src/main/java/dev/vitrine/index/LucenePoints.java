package dev.vitrine.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;

/** The points of a {@link LuceneIndex} that a searcher sees, in the order of their ids. */
final class LucenePoints implements ProductListing.Points {
    private final IndexReader reader;
    private final Bits live;
    private final Bits wanted;

    /** @param filter null for all points */
    LucenePoints(IndexSearcher searcher, Query filter) throws IOException {
        this.reader = searcher.getIndexReader();
        this.live = MultiBits.getLiveDocs(reader);
        this.wanted = filter == null ? null : matching(searcher, filter);
    }

    /** The documents that a query matches, deleted ones among them. */
    static Bits matching(IndexSearcher searcher, Query filter) throws IOException {
        FixedBitSet bits = new FixedBitSet(Math.max(1, searcher.getIndexReader().maxDoc()));
        Weight weight = searcher.createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Scorer scorer = weight.scorer(leaf);
            if (scorer != null) {
                DocIdSetIterator docs = scorer.iterator();
                for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                    bits.set(leaf.docBase + doc);
                }
            }
        }
        return bits;
    }

    /** Where a point is. */
    record Place(String id, int doc) {}

    @Override
    public List<ProductListing.Point> after(String id, int count) {
        List<ProductListing.Point> points = new ArrayList<>();
        try {
            for (Place place : places(id, count)) {
                points.add(LuceneDocument.point(place.id(), reader.storedFields(), place.doc()));
            }
            return points;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the points with greater ids than one are, in their order. */
    List<Place> places(String id, int count) throws IOException {
        List<Place> places = new ArrayList<>();
        Terms terms = MultiTerms.getTerms(reader, LuceneDocument.ID);
        if (terms == null) {
            return places;
        }
        TermsEnum ids = terms.iterator();
        TermsEnum.SeekStatus found = ids.seekCeil(new BytesRef(id));
        BytesRef next = found == TermsEnum.SeekStatus.END ? null : ids.term();
        if (found == TermsEnum.SeekStatus.FOUND) {
            next = ids.next();
        }
        PostingsEnum docs = null;
        for (; next != null && places.size() < count; next = ids.next()) {
            String pointId = next.utf8ToString();
            docs = ids.postings(docs, PostingsEnum.NONE);
            for (int doc : wanted(docs)) {
                places.add(new Place(pointId, doc));
            }
        }
        return places;
    }

    @Override
    public List<ProductListing.Point> of(Collection<String> productIds) {
        List<ProductListing.Point> points = new ArrayList<>();
        try {
            for (String productId : productIds) {
                for (int doc : wanted(LuceneDocument.PRODUCT_ID, productId)) {
                    points.add(LuceneDocument.point(null, reader.storedFields(), doc));
                }
            }
            return points;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, Product> products(List<String> ids) {
        Map<String, Product> products = new HashMap<>();
        try {
            for (String id : ids) {
                for (int doc : wanted(LuceneDocument.ID, id)) {
                    products.put(
                            id, LuceneDocument.product(reader.storedFields().document(doc)));
                }
            }
            return products;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Integer> wanted(String field, String term) throws IOException {
        return wanted(MultiTerms.getTermPostingsEnum(reader, field, new BytesRef(term), PostingsEnum.NONE));
    }

    private List<Integer> wanted(PostingsEnum docs) throws IOException {
        List<Integer> wantedDocs = new ArrayList<>();
        if (docs != null) {
            for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                if ((live == null || live.get(doc)) && (wanted == null || wanted.get(doc))) {
                    wantedDocs.add(doc);
                }
            }
        }
        return wantedDocs;
    }
}
