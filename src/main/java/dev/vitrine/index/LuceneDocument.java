package dev.vitrine.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorSimilarityFunction;

/** A point as a Lucene document: payload in stored fields, ids as terms, the version as a doc value too. */
final class LuceneDocument {

    /** The {@linkplain PointIds point id} as text; a term. */
    static final String ID = "id";

    static final String PRODUCT_ID = "product_id";
    static final String VERSION = "version";
    static final String VECTOR = "vector";

    private static final String IMAGE_ID = "image_id";
    private static final String NAME = "name";
    private static final String INDEXED_AT = "indexed_at";
    private static final String STORED_VERSION = "stored_version";
    private static final String MODEL = "model";
    private static final String METADATA = "metadata";

    private static final Set<String> LISTED = Set.of(PRODUCT_ID, IMAGE_ID, STORED_VERSION, INDEXED_AT);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> JSON_OBJECT = new TypeReference<>() {};

    private LuceneDocument() {}

    /** @param unit the vector, of length 1 */
    static Document of(String pointId, Product product, float[] unit) {
        Document document = new Document();
        document.add(new StringField(ID, pointId, Store.NO));
        document.add(new StringField(PRODUCT_ID, product.productId(), Store.YES));
        document.add(new StoredField(IMAGE_ID, product.imageId()));
        document.add(new StoredField(NAME, product.name()));
        document.add(new StoredField(INDEXED_AT, product.indexedAt().toEpochMilli()));
        document.add(new NumericDocValuesField(VERSION, product.version()));
        document.add(new StoredField(STORED_VERSION, product.version()));
        document.add(new StoredField(MODEL, product.model()));
        document.add(new StoredField(METADATA, json(product.metadata())));
        LuceneMetadata.add(document, product.metadata());
        document.add(new KnnFloatVectorField(VECTOR, unit, VectorSimilarityFunction.DOT_PRODUCT));
        return document;
    }

    static Product product(Document document) throws IOException {
        return new Product(
                document.get(PRODUCT_ID),
                document.get(IMAGE_ID),
                document.get(NAME),
                Instant.ofEpochMilli(
                        document.getField(INDEXED_AT).numericValue().longValue()),
                document.getField(STORED_VERSION).numericValue().longValue(),
                document.get(MODEL),
                JSON.readValue(document.get(METADATA), JSON_OBJECT));
    }

    /**
     * What a listing needs of a document.
     *
     * @param pointId null where it is to be made of the ids
     */
    static ProductListing.Point point(String pointId, StoredFields fields, int doc) throws IOException {
        Document document = fields.document(doc, LISTED);
        String productId = document.get(PRODUCT_ID);
        String imageId = document.get(IMAGE_ID);
        return new ProductListing.Point(
                pointId != null ? pointId : PointIds.of(productId, imageId).toString(),
                productId,
                imageId,
                document.getField(STORED_VERSION).numericValue().longValue(),
                document.getField(INDEXED_AT).numericValue().longValue());
    }

    private static String json(Map<String, Object> metadata) {
        try {
            return JSON.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The metadata cannot be written as JSON", e);
        }
    }
}
