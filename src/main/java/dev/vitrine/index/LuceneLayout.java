package dev.vitrine.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which fields the documents of an index have, and how an older index gets them. */
final class LuceneLayout {
    private static final Logger LOG = LoggerFactory.getLogger(LuceneLayout.class);

    private static final String LAYOUT = "vitrine_layout";

    /** 2: with the fields of {@link LuceneMetadata}. */
    private static final String LATEST = "2";

    private LuceneLayout() {}

    /** What the index remembers of the space that filled it and of its layout. */
    static Map<String, String> memory(VectorSpace space) {
        Map<String, String> memory = new HashMap<>(SpaceMemory.write(space));
        memory.put(LAYOUT, LATEST);
        return memory;
    }

    /**
     * Writes every point of an older index anew, from what it holds; the next commit makes it last. A process that ends
     * before that leaves the index as it was.
     *
     * @param memory what the index remembers
     */
    static void upgrade(IndexWriter writer, Map<String, String> memory) throws IOException {
        int points = writer.getDocStats().numDocs;
        if (points == 0 || LATEST.equals(memory.get(LAYOUT))) {
            return;
        }
        LOG.info("The index is of a version without filters; writing its {} points anew, once", points);
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
            for (LeafReaderContext leaf : reader.leaves()) {
                upgrade(writer, leaf);
            }
        }
        LOG.info("Wrote {} points anew", points);
    }

    private static void upgrade(IndexWriter writer, LeafReaderContext leaf) throws IOException {
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(LuceneDocument.VECTOR);
        if (vectors == null) {
            return;
        }
        StoredFields fields = leaf.reader().storedFields();
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = vectors.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = vectors.nextDoc()) {
            if (live == null || live.get(doc)) {
                Product product = LuceneDocument.product(fields.document(doc));
                String id = PointIds.of(product.productId(), product.imageId()).toString();
                writer.updateDocument(
                        new Term(LuceneDocument.ID, id),
                        LuceneDocument.of(id, product, vectors.vectorValue().clone()));
            }
        }
    }
}
