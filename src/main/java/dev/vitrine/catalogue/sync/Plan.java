package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.read.ProductRow;
import dev.vitrine.catalogue.read.ProductRow.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * All that a catalogue wants, on disk, as the rows of one product may lie anywhere in a file that does not fit into memory.
 * First all rows are added; then each picture is given once, those with the same URL or path after each other.
 */
public final class Plan implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CACHE_MB = 8;
    private static final int MOST_METADATA_BYTES = 16 * 1024;
    private static final int MOST_LISTED = 100;

    private record ProductEntry(
            @JsonProperty("name") String name,
            @JsonProperty("status") Status status,
            @JsonProperty("shared") Map<String, Object> shared,
            @JsonProperty("line") long line) {}

    private record PictureEntry(
            @JsonProperty("picture") String picture,
            @JsonProperty("own") Map<String, Object> own,
            @JsonProperty("vector") float[] vector,
            @JsonProperty("line") long line) {}

    private final MVStore store;
    private final MVMap<String, String> products;
    private final MVMap<String, String> pictures;
    private final MVMap<String, Boolean> bySource;

    /** @param file is made anew; null for memory alone */
    public Plan(Path file) {
        MVStore.Builder builder = new MVStore.Builder().cacheSize(CACHE_MB).autoCommitBufferSize(4 * 1024);
        store = (file == null ? builder : builder.fileName("async:" + file)).open();
        store.setVersionsToKeep(0);
        products = store.openMap("products");
        pictures = store.openMap("pictures");
        bySource = store.openMap("by-source");
    }

    /**
     * Adds what a row says.
     *
     * @param faults hears of what cannot be
     */
    public void add(ProductRow row, Consumer<Fault> faults) {
        String before = products.get(row.productId());
        ProductEntry known = before == null ? null : read(before, ProductEntry.class);
        if (known != null
                && row.isRuined()
                && known.name() != null
                && !known.name().equals(row.name())) {
            faults.accept(Fault.error(
                    row,
                    "product_id",
                    "The id " + row.productId() + " was changed by a spreadsheet and is now that of line "
                            + known.line() + " too; export again"));
            return;
        }
        products.put(row.productId(), write(merged(known, row)));
        if (row.imageId() != null) {
            addPicture(row);
        }
    }

    private static ProductEntry merged(ProductEntry known, ProductRow row) {
        if (known == null) {
            return new ProductEntry(row.name(), row.status(), row.shared(), row.line());
        }
        return new ProductEntry(
                known.name() == null ? row.name() : known.name(),
                known.status() == null ? row.status() : known.status(),
                both(known.shared(), row.shared()),
                known.line());
    }

    private void addPicture(ProductRow row) {
        String key = row.key();
        String before = pictures.get(key);
        PictureEntry known = before == null ? null : read(before, PictureEntry.class);
        if (known != null && row.picture() != null && !row.picture().equals(known.picture())) {
            // two pictures of a product whose files have the same name
            key = key + "-" + String.format("%08x", row.picture().hashCode());
            before = pictures.get(key);
            known = before == null ? null : read(before, PictureEntry.class);
        }
        PictureEntry entry = known == null
                ? new PictureEntry(row.picture(), row.own(), row.vector(), row.line())
                : new PictureEntry(known.picture(), both(known.own(), row.own()), known.vector(), known.line());
        pictures.put(key, write(entry));
        if (known == null) {
            bySource.put((row.picture() == null ? "" : row.picture()) + '\n' + key, true);
        }
    }

    private static Map<String, Object> both(Map<String, Object> first, Map<String, Object> second) {
        Map<String, Object> both = new LinkedHashMap<>(first);
        second.forEach((key, value) -> both.merge(key, value, Plan::both));
        return both;
    }

    /** Both where they are lists, else the first. */
    private static Object both(Object first, Object second) {
        if (!(first instanceof Collection<?> one) || !(second instanceof Collection<?> other)) {
            return first;
        }
        List<Object> all = new ArrayList<>(one);
        other.stream()
                .filter(value -> all.size() < MOST_LISTED && !all.contains(value))
                .forEach(all::add);
        return all;
    }

    /** How many pictures there are. */
    public long size() {
        return pictures.sizeAsLong();
    }

    /** How many products there are, with and without pictures. */
    public long products() {
        return products.sizeAsLong();
    }

    /** Whether a picture is among them. */
    public boolean has(String key) {
        return pictures.containsKey(key);
    }

    /** Every picture once, those with the same URL or path after each other. */
    public Iterator<Wanted> pictures() {
        Iterator<String> keys = new Keys(bySource);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return keys.hasNext();
            }

            @Override
            public Wanted next() {
                String key = keys.next();
                return wanted(key.substring(key.indexOf('\n') + 1));
            }
        };
    }

    /** A picture by its key. */
    public Optional<Wanted> find(String key) {
        return has(key) ? Optional.of(wanted(key)) : Optional.empty();
    }

    private Wanted wanted(String key) {
        int end = key.indexOf('\n');
        String productId = key.substring(0, end);
        PictureEntry picture = read(pictures.get(key), PictureEntry.class);
        ProductEntry product = read(products.get(productId), ProductEntry.class);
        Map<String, Object> metadata = new LinkedHashMap<>(product.shared());
        metadata.putAll(picture.own());
        return new Wanted(
                productId,
                key.substring(end + 1),
                Optional.ofNullable(product.name()).orElse(productId),
                picture.picture(),
                fitted(metadata),
                product.status(),
                picture.vector(),
                picture.line());
    }

    /** Without its longest values, where it has more bytes than metadata may have. */
    private Map<String, Object> fitted(Map<String, Object> metadata) {
        while (bytes(metadata) > MOST_METADATA_BYTES) {
            String longest = null;
            for (Map.Entry<String, Object> entry : metadata.entrySet()) {
                if (longest == null || bytes(entry.getValue()) > bytes(metadata.get(longest))) {
                    longest = entry.getKey();
                }
            }
            metadata.remove(longest);
        }
        return metadata;
    }

    private int bytes(Object value) {
        return write(value).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Products of which no row names a picture, with the line of their first row. */
    public Iterator<Map.Entry<String, Long>> withoutPictures() {
        Iterator<String> ids = new Keys(products);
        return new Iterator<>() {
            private Map.Entry<String, Long> next = find();

            private Map.Entry<String, Long> find() {
                while (ids.hasNext()) {
                    String id = ids.next();
                    String first = pictures.ceilingKey(id + '\n');
                    if (first == null || !first.startsWith(id + '\n')) {
                        return Map.entry(
                                id, read(products.get(id), ProductEntry.class).line());
                    }
                }
                return null;
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Map.Entry<String, Long> next() {
                Map.Entry<String, Long> found = next;
                next = find();
                return found;
            }
        };
    }

    private String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read as JSON can be written", e);
        }
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was written here can be read", e);
        }
    }

    @Override
    public void close() {
        store.closeImmediately();
    }
}
