package dev.vitrine.reindex;

import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.StoredPoint;
import java.util.List;

/** The points of a collection one after the other, in the order of their ids. */
final class PointCursor {
    private static final int PAGE = 256;

    private final ProductIndex index;
    private List<StoredPoint> page;
    private int next;

    PointCursor(ProductIndex index) {
        this.index = index;
        this.page = index.points("", PAGE, null, false);
    }

    /** The point that it is at; null after the last one. */
    StoredPoint point() {
        return next < page.size() ? page.get(next) : null;
    }

    void advance() {
        next++;
        if (next == page.size() && page.size() == PAGE) {
            page = index.points(page.get(PAGE - 1).id(), PAGE, null, false);
            next = 0;
        }
    }
}
