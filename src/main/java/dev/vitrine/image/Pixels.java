package dev.vitrine.image;

import java.util.Objects;

/**
 * A decoded picture.
 *
 * @param rgb row-major, 3 bytes a pixel in the order red, green, blue; {@code 3 * width * height} bytes; not copied
 */
public record Pixels(int width, int height, byte[] rgb) {

    public Pixels {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    width + " x " + height + " pixels need 3 bytes each, not " + rgb.length + " in all");
        }
    }

    /**
     * The picture turned upright; itself where it is already.
     *
     */
    Pixels upright(Orientation turn) {
        if (turn == Orientation.UPRIGHT) {
            return this;
        }
        int newWidth = turn.width(width, height);
        int newHeight = turn.height(width, height);
        byte[] turned = new byte[rgb.length];
        int from = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++, from += 3) {
                int alongX = turn.swapsAxes() ? y : x;
                int alongY = turn.swapsAxes() ? x : y;
                int newX = turn.mirrorsX() ? newWidth - 1 - alongX : alongX;
                int newY = turn.mirrorsY() ? newHeight - 1 - alongY : alongY;
                int to = 3 * (newY * newWidth + newX);
                turned[to] = rgb[from];
                turned[to + 1] = rgb[from + 1];
                turned[to + 2] = rgb[from + 2];
            }
        }
        return new Pixels(newWidth, newHeight, turned);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pixels that
                && width == that.width
                && height == that.height
                && java.util.Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return Objects.hash(width, height, java.util.Arrays.hashCode(rgb));
    }

    @Override
    public String toString() {
        return "Pixels[" + width + " x " + height + "]";
    }
}
