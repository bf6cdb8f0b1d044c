package dev.vitrine.image.vp8;

/**
 * Turns a VP8 frame to RGB as libwebp does: chroma is smoothed with 9, 3, 3 and 1 sixteenths of the four nearest samples,
 * in two rounding steps, and then mixed by BT.601 in fixed point.
 */
final class Vp8Colours {

    private final Vp8Plane luma;
    private final Vp8Plane blueness;
    private final Vp8Plane redness;
    private final int width;
    private final int height;

    Vp8Colours(Vp8Plane luma, Vp8Plane blueness, Vp8Plane redness, int width, int height) {
        this.luma = luma;
        this.blueness = blueness;
        this.redness = redness;
        this.width = width;
        this.height = height;
    }

    void emit(RowSink rows) {
        byte[] rgb = new byte[3 * width];
        int lastRow = (height + 1) / 2 - 1;
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int far = Math.max(0, Math.min(lastRow, (y & 1) == 0 ? near - 1 : near + 1));
            int nearAt = blueness.at(0, near);
            int farAt = blueness.at(0, far);
            int lumaAt = luma.at(0, y);
            for (int x = 0; x < width; x++) {
                int light = luma.get(lumaAt + x) * 19077 >> 8;
                int u = smooth(blueness, nearAt, farAt, x);
                int v = smooth(redness, nearAt, farAt, x);
                rgb[3 * x] = clip(light + (v * 26149 >> 8) - 14234);
                rgb[3 * x + 1] = clip(light - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708);
                rgb[3 * x + 2] = clip(light + (u * 33050 >> 8) - 17685);
            }
            rows.row(y, rgb, 0);
        }
    }

    private int smooth(Vp8Plane plane, int nearAt, int farAt, int x) {
        int column = x / 2;
        int beside = (x & 1) == 0 ? column - 1 : column + 1;
        int near = plane.get(nearAt + column);
        int far = plane.get(farAt + column);
        if (beside < 0 || beside > (width + 1) / 2 - 1) {
            return 3 * near + far + 2 >> 2;
        }
        int nearBeside = plane.get(nearAt + beside);
        int farBeside = plane.get(farAt + beside);
        int diagonal = near + nearBeside + far + farBeside + 8 + 2 * (nearBeside + far) >> 3;
        return diagonal + near >> 1;
    }

    private static byte clip(int value) {
        return (byte) (value < 0 ? 0 : Math.min(255, value >> 6));
    }
}
