package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.index.Filter.And;
import dev.vitrine.index.Filter.AnyOf;
import dev.vitrine.index.Filter.Bound;
import dev.vitrine.index.Filter.Exists;
import dev.vitrine.index.Filter.Not;
import dev.vitrine.index.Filter.Or;
import dev.vitrine.index.Filter.Range;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QdrantFieldsTest {
    private static final QdrantFields FIELDS = QdrantFields.of(Map.of(
            "product_id", PayloadSchemaType.Keyword,
            "metadata.brand", PayloadSchemaType.Keyword,
            "metadata.price", PayloadSchemaType.Float,
            "metadata.\"size.eu\"", PayloadSchemaType.Keyword,
            "metadata.stock", PayloadSchemaType.Integer));

    private static final Filter BRAND = any("brand", "Nike");
    private static final Filter CHEAP = new Range(FieldPath.of("price"), null, new Bound(20, false));
    private static final Filter COLOUR = any("colour", "red");

    private static Filter any(String field, Object... values) {
        return new AnyOf(FieldPath.of(field), List.of(values));
    }

    private static List<String> unindexed(Filter filter) {
        return FIELDS.unindexed(filter).stream().map(FilterField::toString).toList();
    }

    @Test
    void whatEachKindOfIndexAnswersIsNotMissing() {
        assertThat(unindexed(new And(List.of(
                        BRAND, CHEAP, any("\"size.eu\"", "38"), any("price", 12), new Exists(FieldPath.of("stock"))))))
                .isEmpty();
    }

    @Test
    void whatAsksForAnotherKindOrAnotherFieldIsMissingWithItsKind() {
        assertThat(unindexed(new Or(List.of(
                        COLOUR,
                        new Not(any("brand", 1)),
                        any("price", 12, "12,50"),
                        any("size.eu", true),
                        any("stock", 3),
                        new Exists(FieldPath.of("ean"))))))
                .containsExactly(
                        "brand:number", "colour:keyword", "ean", "price:keyword", "size.eu:bool", "stock:number");
    }

    @Test
    void thePartThatIndexesAnswerIsMetByWhateverMeetsTheFilter() {
        assertThat(FIELDS.indexed(BRAND)).contains(BRAND);
        assertThat(FIELDS.indexed(new And(List.of(BRAND, COLOUR)))).contains(new And(List.of(BRAND)));
        assertThat(FIELDS.indexed(new Or(List.of(BRAND, COLOUR)))).isEmpty();
        assertThat(FIELDS.indexed(new Or(List.of(BRAND, new And(List.of(COLOUR, CHEAP))))))
                .contains(new Or(List.of(BRAND, new And(List.of(CHEAP)))));
        assertThat(FIELDS.indexed(new Not(new And(List.of(BRAND, COLOUR))))).isEqualTo(Optional.empty());
        assertThat(FIELDS.indexed(new Not(BRAND))).contains(new Not(BRAND));
    }
}
