package dev.vitrine.index;

import dev.vitrine.batch.Batcher.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/** Applies changes in their order and commits them; for one batch. */
final class LuceneBatch {

    /** What the batch did to a point; the version is null where it was deleted. */
    private record Touched(String productId, String imageId, Long version) {}

    private final LuceneStore store;

    /** What was done since the last commit, by point id. */
    private final Map<String, Touched> touched = new HashMap<>();

    /** The index as the last commit left it. */
    private IndexSearcher before;

    LuceneBatch(LuceneStore store) {
        this.store = store;
    }

    List<Outcome<Integer>> apply(List<LuceneChange> batch) throws IOException {
        List<Outcome<Integer>> outcomes = new ArrayList<>(batch.size());
        before = store.searchers().acquire();
        try {
            for (LuceneChange change : batch) {
                try {
                    outcomes.add(Outcome.of(apply(change)));
                } catch (IllegalArgumentException e) { // a document that Lucene refuses harms no other
                    outcomes.add(Outcome.failed(e));
                }
            }
            if (!touched.isEmpty() || batch.stream().anyMatch(LuceneChange.Settle.class::isInstance)) {
                store.commit();
            }
        } finally {
            store.searchers().release(before);
        }
        return outcomes;
    }

    /** Does one change and returns how many points it concerned. */
    private int apply(LuceneChange change) throws IOException {
        if (change instanceof LuceneChange.Put put) {
            return put(put);
        } else if (change instanceof LuceneChange.Delete delete) {
            return delete(delete);
        } else if (change instanceof LuceneChange.DeleteMatching delete) {
            return delete(delete);
        }
        return 0;
    }

    private int put(LuceneChange.Put put) throws IOException {
        Product product = put.product();
        Touched latest = touched.get(put.pointId());
        Long version = latest != null ? latest.version() : LuceneStore.version(before, put.pointId());
        if (version != null && version > product.version()) {
            return 0;
        }
        store.put(put.pointId(), LuceneDocument.of(put.pointId(), product, put.unit()));
        touched.put(put.pointId(), new Touched(product.productId(), product.imageId(), product.version()));
        return 1;
    }

    private int delete(LuceneChange.Delete delete) throws IOException {
        Map<String, String> imageIds = new HashMap<>();
        for (Product product : LuceneStore.products(before, delete.productId())) {
            String pointId = PointIds.of(delete.productId(), product.imageId()).toString();
            if (!touched.containsKey(pointId)
                    && product.version() <= delete.version()
                    && delete.concerns(product.imageId())) {
                imageIds.put(pointId, product.imageId());
            }
        }
        touched.forEach((pointId, latest) -> {
            if (latest.version() != null
                    && latest.version() <= delete.version()
                    && latest.productId().equals(delete.productId())
                    && delete.concerns(latest.imageId())) {
                imageIds.put(pointId, latest.imageId());
            }
        });
        for (Map.Entry<String, String> point : imageIds.entrySet()) {
            store.delete(point.getKey());
            touched.put(point.getKey(), new Touched(delete.productId(), point.getValue(), null));
        }
        return imageIds.size();
    }

    /** Commits before and after, as only what is committed can be asked. */
    private int delete(LuceneChange.DeleteMatching delete) throws IOException {
        if (!touched.isEmpty()) {
            commit();
        }
        Query matching = new BooleanQuery.Builder()
                .add(delete.query(), Occur.FILTER)
                .add(NumericDocValuesField.newSlowRangeQuery(LuceneDocument.VERSION, 0, delete.version()), Occur.FILTER)
                .build();
        int found = before.count(matching);
        if (found > 0) {
            store.delete(matching);
            commit();
        }
        return found;
    }

    private void commit() throws IOException {
        store.commit();
        IndexSearcher after = store.searchers().acquire();
        store.searchers().release(before);
        before = after;
        touched.clear();
    }
}
