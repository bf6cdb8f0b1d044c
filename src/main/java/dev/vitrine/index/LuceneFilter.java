package dev.vitrine.index;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** A {@link Filter} as a query over what {@link LuceneMetadata} wrote. */
final class LuceneFilter {
    private LuceneFilter() {}

    static Query of(Filter filter) {
        return new ConstantScoreQuery(query(filter));
    }

    /** Matches what does not match. */
    static Query not(Query query) {
        return new BooleanQuery.Builder()
                .add(new MatchAllDocsQuery(), Occur.FILTER)
                .add(query, Occur.MUST_NOT)
                .build();
    }

    private static Query query(Filter filter) {
        if (filter instanceof Filter.AnyOf any) {
            List<BytesRef> terms = new ArrayList<>();
            for (Object value : any.values()) {
                terms.add(new BytesRef(LuceneMetadata.term(any.field().keys(), value)));
            }
            return terms.size() == 1
                    ? new TermQuery(new Term(LuceneMetadata.VALUES, terms.get(0)))
                    : new TermInSetQuery(LuceneMetadata.VALUES, terms);
        } else if (filter instanceof Filter.Range range) {
            return between(range);
        } else if (filter instanceof Filter.Exists exists) {
            return new TermQuery(new Term(
                    LuceneMetadata.PATHS, LuceneMetadata.path(exists.field().keys())));
        } else if (filter instanceof Filter.Not not) {
            return not(query(not.filter()));
        } else if (filter instanceof Filter.And and) {
            return all(and.filters(), Occur.FILTER);
        }
        return all(((Filter.Or) filter).filters(), Occur.SHOULD);
    }

    private static Query all(List<Filter> filters, Occur occur) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        filters.forEach(filter -> all.add(query(filter), occur));
        return all.build();
    }

    private static Query between(Filter.Range range) {
        double least = Double.NEGATIVE_INFINITY;
        double most = Double.POSITIVE_INFINITY;
        if (range.lower() != null) {
            double value = range.lower().value();
            least = range.lower().inclusive() ? value : Math.nextUp(value);
        }
        if (range.upper() != null) {
            double value = range.upper().value();
            most = range.upper().inclusive() ? value : Math.nextDown(value);
        }
        byte[] place = LuceneMetadata.place(range.field().keys());
        return BinaryPoint.newRangeQuery(
                LuceneMetadata.NUMBERS,
                new byte[][] {place, LuceneMetadata.size(least)},
                new byte[][] {place, LuceneMetadata.size(most)});
    }
}
