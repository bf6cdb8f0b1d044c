package dev.vitrine.image;

import java.util.Arrays;

/**
 * Shrinks a picture by a whole factor while its rows come in: each pixel it passes on is the rounded mean of a square of
 * stored pixels, as a JPEG decoder's own scaling and Pillow's {@code reduce} have it.
 */
final class BoxReducer implements Rows {

    private static final int LEAST_RATIO = 4;

    private final int factor;
    private final int[] sums;
    private final byte[] line;
    private final Rows reduced;

    /**
     * @param width of the stored picture; the factor divides it and the height
     * @param reduced gets the rows of the smaller picture
     */
    BoxReducer(int width, int factor, Rows reduced) {
        this.factor = factor;
        this.sums = new int[3 * (width / factor)];
        this.line = new byte[sums.length];
        this.reduced = reduced;
    }

    /**
     * The largest factor that divides both sides, so that no square is cut off at an edge, and leaves the shorter side at
     * least {@value #LEAST_RATIO} times as long as it is going to be; 1 where there is none. With a ratio of 2 or 3 the
     * tensors of noise and of fine gratings fell below a cosine of 0.999; a factor of 2 saved no time.
     */
    static int factor(PictureHeader header, Preprocessing settings) {
        if (settings.resize() == null) {
            return 1;
        }
        Preprocessing.Size target = settings.resize().size();
        int shorter = Math.min(header.width(), header.height());
        for (int factor = shorter / (LEAST_RATIO * Math.max(target.width(), target.height())); factor > 2; factor--) {
            if (header.width() % factor == 0 && header.height() % factor == 0) {
                return factor;
            }
        }
        return 1;
    }

    @Override
    public void row(int y, byte[] rgb, int offset) {
        int from = offset;
        for (int i = 0; i < sums.length; i += 3) {
            int red = 0;
            int green = 0;
            int blue = 0;
            for (int end = from + 3 * factor; from < end; from += 3) {
                red += rgb[from] & 0xff;
                green += rgb[from + 1] & 0xff;
                blue += rgb[from + 2] & 0xff;
            }
            sums[i] += red;
            sums[i + 1] += green;
            sums[i + 2] += blue;
        }
        if (y % factor == factor - 1) {
            int pixels = factor * factor;
            for (int i = 0; i < sums.length; i++) {
                line[i] = (byte) ((sums[i] + pixels / 2) / pixels);
            }
            Arrays.fill(sums, 0);
            reduced.row(y / factor, line, 0);
        }
    }
}
