package dev.vitrine.index;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;
import org.apache.lucene.util.NumericUtils;

/**
 * Metadata as a Lucene document holds it for filters: in three fields, whatever keys strangers think of, as each field of
 * Lucene costs memory in each segment. A value is a term of its path and itself; a number is also a point in two
 * dimensions, a hash of its path and itself, so that a range is a search in one tree.
 */
final class LuceneMetadata {

    /** Terms of paths with values. */
    static final String VALUES = "metadata_values";

    /** Terms of paths that hold something. */
    static final String PATHS = "metadata_paths";

    /** Points: hash of the path, number. */
    static final String NUMBERS = "metadata_numbers";

    /** Bytes of a dimension; the most that Lucene takes. */
    private static final int WIDTH = 16;

    /** Longer terms are hashed: Lucene takes up to 32,766 bytes, and sorts all it has. */
    private static final int MAX_TERM_BYTES = 256;

    private static final String SEPARATOR = "\0"; // no text in metadata holds one

    private final Document document;
    private final Set<String> paths = new HashSet<>();
    private final Set<String> values = new HashSet<>();
    private final Set<List<Object>> numbers = new HashSet<>();

    private LuceneMetadata(Document document) {
        this.document = document;
    }

    /** Adds the fields to a document. */
    static void add(Document document, Map<String, Object> metadata) {
        new LuceneMetadata(document).object(List.of(), metadata);
    }

    /** The term of a value in a field; a double that is no whole number, or beyond 2^53, is its bits. */
    static String term(Collection<String> path, Object value) {
        String kind;
        if (value instanceof String) {
            kind = "s";
        } else if (value instanceof Boolean) {
            kind = "b";
        } else {
            kind = value instanceof Double number && !isExact(number) ? "d" : "n";
        }
        String text = kind.equals("n") ? Long.toString(((Number) value).longValue()) : value.toString();
        return bounded(path(path) + SEPARATOR + kind + text);
    }

    /** The term of a path. */
    static String path(Collection<String> path) {
        return bounded(String.join(SEPARATOR, path) + SEPARATOR);
    }

    /** One coordinate of a number's point, the path, which it has in common with the other numbers there. */
    static byte[] place(Collection<String> path) {
        return Arrays.copyOf(hash(path(path)), WIDTH);
    }

    /** The other coordinate, ordered as doubles are. */
    static byte[] size(double number) {
        byte[] bytes = new byte[WIDTH];
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(number + 0.0), bytes, 0);
        return bytes;
    }

    private void object(List<String> path, Map<String, Object> object) {
        object.forEach((key, value) -> {
            if (!key.isEmpty()) { // which no filter can name, and which would make two paths one
                List<String> inner = new ArrayList<>(path);
                inner.add(key);
                field(inner, value);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private void field(List<String> path, Object value) {
        if (value == null || value instanceof List<?> list && list.isEmpty()) {
            return;
        }
        if (paths.add(path(path))) {
            document.add(new StringField(PATHS, path(path), Store.NO));
        }
        if (value instanceof Map<?, ?> object) {
            object(path, (Map<String, Object>) object);
        } else if (value instanceof List<?> list) {
            list.forEach(element -> scalar(path, element));
        } else {
            scalar(path, value);
        }
    }

    private void scalar(List<String> path, Object value) {
        if (value == null || value instanceof Map || value instanceof List) {
            return;
        }
        if (values.add(term(path, value))) {
            document.add(new StringField(VALUES, term(path, value), Store.NO));
        }
        if (value instanceof Number number && numbers.add(List.of(path, number.doubleValue()))) {
            document.add(new BinaryPoint(NUMBERS, place(path), size(number.doubleValue())));
        }
    }

    private static boolean isExact(double number) {
        return number == (long) number && Math.abs(number) <= Filter.MAX_EXACT;
    }

    private static String bounded(String term) {
        byte[] bytes = term.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TERM_BYTES
                ? term
                : SEPARATOR + HexFormat.of().formatHex(hash(term)); // no other term begins with NUL
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
