package dev.vitrine.image;

import java.util.Arrays;

/**
 * Resizes and crops one picture while its rows come in, so that the picture itself is never held: the horizontal pass
 * runs as rows arrive and the vertical one at the end, with rounding to bytes in between, as Pillow does. A quarter
 * turn makes stored rows upright columns; the horizontal pass then gathers over rows. Columns and rows that the crop
 * drops are never computed.
 */
final class Resampler implements Rows {

    private final Orientation turn;
    private final int uprightWidth;
    private final int uprightHeight;
    private final Preprocessing.Size output;
    /** Where the picture begins in the output, above 0 only where it is smaller than the crop. */
    private final int outLeft;

    private final int outTop;
    private final Taps across;
    private final Taps down;
    private final int firstRow;
    private final int rows;

    /**
     * After the horizontal pass, 3 bytes a pixel: {@code rows} rows of {@code across.outputs()} pixels, or for a quarter
     * turn {@code across.outputs()} columns of {@code rows} pixels.
     */
    private final byte[] between;

    private final int[] lineInts;
    private final int[][] sums;
    private int rowsSeen;

    Resampler(Preprocessing settings, PictureHeader header, Orientation turn, Scratch scratch) {
        this.turn = turn;
        this.uprightWidth = turn.width(header.width(), header.height());
        this.uprightHeight = turn.height(header.width(), header.height());
        this.output = settings.output();
        long width = uprightWidth;
        long height = uprightHeight;
        if (settings.resize() != null) {
            Preprocessing.Size to = settings.resize().size();
            boolean keepsAspect = settings.resize().keepsAspect();
            boolean upright = width <= height;
            width = keepsAspect && !upright ? (long) to.width() * uprightWidth / uprightHeight : to.width();
            height = keepsAspect && upright ? (long) to.height() * uprightHeight / uprightWidth : to.height();
        }
        long left = Math.floorDiv(width - output.width(), 2L);
        long top = Math.floorDiv(height - output.height(), 2L);
        this.outLeft = (int) Math.max(0, -left);
        this.outTop = (int) Math.max(0, -top);
        this.across = taps(settings, uprightWidth, width, left, output.width());
        this.down = taps(settings, uprightHeight, height, top, output.height());
        this.firstRow = down.first();
        this.rows = down.last() - firstRow;
        this.between = scratch.bytes(3L * rows * across.outputs());
        this.lineInts = scratch.ints(3 * (turn.swapsAxes() ? rows : across.last() - across.first()));
        this.sums = new int[turn.swapsAxes() ? across.outputs() : 0][];
    }

    private static Taps taps(Preprocessing settings, int inSize, long outSize, long start, int crop) {
        long first = Math.max(0, start);
        int count = (int) (Math.min(outSize, start + crop) - first);
        return inSize == outSize
                ? Taps.identity(first, count)
                : Taps.of(settings.filter(), inSize, outSize, first, count);
    }

    @Override
    public void row(int y, byte[] rgb, int offset) {
        rowsSeen++;
        if (turn.swapsAxes()) {
            gather(turn.mirrorsX() ? uprightWidth - 1 - y : y, rgb, offset);
        } else {
            int upright = turn.mirrorsY() ? uprightHeight - 1 - y : y;
            if (upright >= firstRow && upright < firstRow + rows) {
                shrink(upright - firstRow, rgb, offset);
            }
        }
    }

    /** The horizontal pass over one upright row. */
    private void shrink(int row, byte[] rgb, int offset) {
        int firstColumn = across.first();
        int lastColumn = across.last();
        int[] line = lineInts;
        if (turn.mirrorsX()) {
            for (int x = firstColumn; x < lastColumn; x++) {
                int from = offset + 3 * (uprightWidth - 1 - x);
                int to = 3 * (x - firstColumn);
                line[to] = rgb[from] & 0xff;
                line[to + 1] = rgb[from + 1] & 0xff;
                line[to + 2] = rgb[from + 2] & 0xff;
            }
        } else {
            int from = offset + 3 * firstColumn;
            int count = 3 * (lastColumn - firstColumn);
            for (int i = 0; i < count; i++) {
                line[i] = rgb[from + i] & 0xff;
            }
        }
        int[] weights = across.weights();
        int to = 3 * row * across.outputs();
        for (int x = 0; x < across.outputs(); x++) {
            int from = 3 * (across.start(x) - firstColumn);
            int end = 3 * (across.end(x) - firstColumn);
            int w = across.weightsAt(x);
            int red = Taps.HALF;
            int green = Taps.HALF;
            int blue = Taps.HALF;
            for (; from < end; from += 3, w++) {
                int weight = weights[w];
                red += weight * line[from];
                green += weight * line[from + 1];
                blue += weight * line[from + 2];
            }
            between[to++] = Taps.clip(red);
            between[to++] = Taps.clip(green);
            between[to++] = Taps.clip(blue);
        }
    }

    /** The horizontal pass for a quarter turn: adds one upright column to every output column that it is part of. */
    private void gather(int column, byte[] rgb, int offset) {
        if (column < across.first() || column >= across.last()) {
            return;
        }
        int[] line = lineInts;
        for (int i = 0; i < rows; i++) {
            int upright = firstRow + i;
            int from = offset + 3 * (turn.mirrorsY() ? uprightHeight - 1 - upright : upright);
            line[3 * i] = rgb[from] & 0xff;
            line[3 * i + 1] = rgb[from + 1] & 0xff;
            line[3 * i + 2] = rgb[from + 2] & 0xff;
        }
        for (int x = firstOutputOf(column); x < across.outputs() && across.start(x) <= column; x++) {
            if (sums[x] == null) {
                sums[x] = new int[3 * rows];
                Arrays.fill(sums[x], Taps.HALF);
            }
            add(sums[x], line, across.weights()[across.weightsAt(x) + column - across.start(x)]);
            boolean complete = column == (turn.mirrorsX() ? across.start(x) : across.end(x) - 1);
            if (complete) {
                int to = 3 * rows * x;
                for (int sum : sums[x]) {
                    between[to++] = Taps.clip(sum);
                }
                sums[x] = null;
            }
        }
    }

    private int firstOutputOf(int column) {
        int low = 0;
        int high = across.outputs() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (across.end(middle) > column) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static void add(int[] sums, int[] line, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * line[i];
        }
    }

    /** How many rows came in. */
    int rowsSeen() {
        return rowsSeen;
    }

    /** The vertical pass: writes the output picture, row-major, 3 bytes a pixel; black where it was padded. */
    void finish(byte[] rgb) {
        int width = across.outputs();
        if (width < output.width() || down.outputs() < output.height()) {
            Arrays.fill(rgb, (byte) 0);
        }
        int[] sums = new int[3 * width];
        for (int y = 0; y < down.outputs(); y++) {
            Arrays.fill(sums, Taps.HALF);
            int w = down.weightsAt(y);
            for (int from = down.start(y) - firstRow; from < down.end(y) - firstRow; from++, w++) {
                if (turn.swapsAxes()) {
                    addColumnwise(sums, from, down.weights()[w]);
                } else {
                    addRow(sums, between, 3 * from * width, down.weights()[w]);
                }
            }
            int to = 3 * ((outTop + y) * output.width() + outLeft);
            for (int sum : sums) {
                rgb[to++] = Taps.clip(sum);
            }
        }
    }

    private static void addRow(int[] sums, byte[] row, int at, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * (row[at + i] & 0xff);
        }
    }

    private void addColumnwise(int[] sums, int row, int weight) {
        for (int x = 0, at = 3 * row, i = 0; i < sums.length; x++, at += 3 * rows) {
            sums[i++] += weight * (between[at] & 0xff);
            sums[i++] += weight * (between[at + 1] & 0xff);
            sums[i++] += weight * (between[at + 2] & 0xff);
        }
    }
}
