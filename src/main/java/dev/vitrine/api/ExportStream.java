package dev.vitrine.api;

import dev.vitrine.index.Filter;
import dev.vitrine.index.PointLines;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.StoredPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The lines of an export, made a page at a time when they are read; for one thread after the other. */
final class ExportStream extends InputStream {
    private static final int PAGE = 128;

    private final ProductIndex index;
    private final Filter filter;
    private final boolean withVectors;
    private byte[] lines;
    private int position;
    private String last = "";
    private long points;
    private boolean ended;

    /** @param filter null for all points */
    ExportStream(ProductIndex index, Filter filter, boolean withVectors) {
        this.index = index;
        this.filter = filter;
        this.withVectors = withVectors;
        this.lines = PointLines.head(new PointLines.Head(index.space(), withVectors));
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? lines[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, lines.length - position);
        System.arraycopy(lines, position, into, from, count);
        position += count;
        return count;
    }

    private boolean hasMore() throws IOException {
        while (position == lines.length) {
            if (ended) {
                return false;
            }
            position = 0;
            lines = next();
        }
        return true;
    }

    private byte[] next() throws IOException {
        List<StoredPoint> page = index.points(last, PAGE, filter, withVectors);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (StoredPoint point : page) {
            bytes.write(PointLines.point(point));
            last = point.id();
        }
        points += page.size();
        if (page.size() < PAGE) {
            bytes.write(PointLines.end(points));
            ended = true;
        }
        return bytes.toByteArray();
    }
}
