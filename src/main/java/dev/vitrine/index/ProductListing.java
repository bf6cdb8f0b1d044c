package dev.vitrine.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists products, each once, over an index that keeps points: in the order of {@linkplain PointIds point ids}, which is
 * the one order that Qdrant and Lucene have in common without another field. A product stands at the least point of its
 * pictures, so the order looks random and stays the same.
 *
 * <p>A picture that comes in while a listing goes on must not draw its product behind the place where the listing is. So
 * of a product's points only those count as before others that were indexed before the listing began. A product that
 * keeps a picture through the whole listing is listed; a product whose pictures change meanwhile may be listed again.
 */
final class ProductListing {

    /** What a listing needs to know of a point. */
    record Point(String id, String productId, String imageId, long version, long indexedAt) {}

    /** The points that are asked for. */
    interface Points {

        /** The points with greater ids than one, in their order. */
        List<Point> after(String id, int count);

        /** All points of some products. */
        List<Point> of(Collection<String> productIds);

        /** Products of points by the points' ids; one that is gone is missing. */
        Map<String, Product> products(List<String> ids);
    }

    /** Points that are looked at together, at least. */
    private static final int CHUNK = 128;

    private final Points points;
    private final long since;
    private final int limit;
    private final Map<String, List<Point>> pictures = new HashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>(); // product id → where it is listed

    private ProductListing(Points points, long since, int limit) {
        this.points = points;
        this.since = since;
        this.limit = limit;
    }

    /**
     * A page.
     *
     * @param after null for the first one
     * @param now ms since the epoch
     */
    static ProductPage page(Points points, ProductCursor after, int limit, long now) {
        return after == null
                ? new ProductListing(points, now, limit).from("")
                : new ProductListing(points, after.since(), limit).from(after.place());
    }

    private ProductPage from(String start) {
        String place = start;
        String last = null;
        int size = Math.max(limit + 1, CHUNK);
        while (true) {
            List<Point> chunk = points.after(place, size);
            learn(chunk);
            for (Point point : chunk) {
                place = point.id();
                if (places.containsKey(point.productId()) || isBehind(point)) {
                    continue;
                }
                if (places.size() == limit) {
                    return new ProductPage(entries(), new ProductCursor(last, since));
                }
                places.put(point.productId(), place);
                last = place;
            }
            if (chunk.size() < size) {
                return new ProductPage(entries(), null);
            }
        }
    }

    private void learn(List<Point> chunk) {
        Set<String> unknown = new HashSet<>();
        for (Point point : chunk) {
            if (!pictures.containsKey(point.productId())) {
                unknown.add(point.productId());
                pictures.put(point.productId(), new ArrayList<>());
            }
        }
        if (!unknown.isEmpty()) {
            points.of(unknown).forEach(point -> pictures.get(point.productId()).add(point));
        }
    }

    private boolean isBehind(Point point) {
        return pictures.get(point.productId()).stream()
                .anyMatch(other -> other.id().compareTo(point.id()) < 0 && other.indexedAt() <= since);
    }

    private List<ProductPage.Entry> entries() {
        Map<String, String> latest = new LinkedHashMap<>(); // product id → point
        for (String productId : places.keySet()) {
            pictures.get(productId).stream()
                    .max(Comparator.comparingLong(Point::version)
                            .thenComparing(Point::imageId, Comparator.reverseOrder()))
                    .ifPresent(point -> latest.put(productId, point.id()));
        }
        Map<String, Product> products = points.products(List.copyOf(latest.values()));
        List<ProductPage.Entry> entries = new ArrayList<>();
        latest.forEach((productId, point) -> {
            Product product = products.get(point);
            if (product != null) { // deleted since
                entries.add(new ProductPage.Entry(
                        product,
                        pictures.get(productId).stream()
                                .map(Point::imageId)
                                .sorted()
                                .toList()));
            }
        });
        return entries;
    }
}
