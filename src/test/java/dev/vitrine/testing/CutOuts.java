package dev.vitrine.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import javax.imageio.ImageIO;

/** Cuts the product out of a drawn picture of the samples, as a shop's photographer does. */
public final class CutOuts {
    /** How much a background may differ between neighbours; the samples' are smooth. */
    private static final int SMOOTH = 5;

    private CutOuts() {}

    /** What lies hidden where the cut-out is transparent. */
    public enum Hidden {
        BLACK,
        MAGENTA,
        NOISE,
        BACKGROUND
    }

    /**
     * The picture with its background fully transparent, and half transparent along the product's edge.
     *
     * @param hidden the colour that the editor left under the transparency
     */
    public static BufferedImage cut(Path sample, Hidden hidden) throws IOException {
        BufferedImage picture = ImageIO.read(sample.toFile());
        int width = picture.getWidth();
        int height = picture.getHeight();
        boolean[] background = background(picture);
        BufferedImage cut = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Random random = new Random(sample.hashCode());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int colour = picture.getRGB(x, y) & 0xffffff;
                if (background[y * width + x]) {
                    int left =
                            switch (hidden) {
                                case BLACK -> 0;
                                case MAGENTA -> 0xff00ff;
                                case NOISE -> random.nextInt(0x1000000);
                                case BACKGROUND -> colour;
                            };
                    cut.setRGB(x, y, left);
                } else {
                    cut.setRGB(x, y, (isEdge(background, x, y, width, height) ? 0x80 : 0xff) << 24 | colour);
                }
            }
        }
        return cut;
    }

    /** The same product as Java draws the cut-out on white. */
    public static BufferedImage onWhite(BufferedImage cut) {
        BufferedImage white = new BufferedImage(cut.getWidth(), cut.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = white.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, cut.getWidth(), cut.getHeight());
        graphics.drawImage(cut, 0, 0, null);
        graphics.dispose();
        return white;
    }

    /** What is reached from the picture's border without a step in its colours. */
    private static boolean[] background(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        boolean[] background = new boolean[width * height];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int x = 0; x < width; x++) {
            queue.add(x);
            queue.add((height - 1) * width + x);
        }
        while (!queue.isEmpty()) {
            int at = queue.poll();
            if (background[at]) {
                continue;
            }
            background[at] = true;
            int x = at % width;
            int y = at / width;
            int colour = picture.getRGB(x, y);
            for (int[] step : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                int nextX = x + step[0];
                int nextY = y + step[1];
                if (nextX >= 0
                        && nextX < width
                        && nextY >= 0
                        && nextY < height
                        && !background[nextY * width + nextX]
                        && isNear(colour, picture.getRGB(nextX, nextY))) {
                    queue.add(nextY * width + nextX);
                }
            }
        }
        return background;
    }

    private static boolean isNear(int a, int b) {
        for (int shift = 0; shift < 24; shift += 8) {
            if (Math.abs((a >> shift & 0xff) - (b >> shift & 0xff)) > SMOOTH) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEdge(boolean[] background, int x, int y, int width, int height) {
        return x > 0 && background[y * width + x - 1]
                || x < width - 1 && background[y * width + x + 1]
                || y > 0 && background[(y - 1) * width + x]
                || y < height - 1 && background[(y + 1) * width + x];
    }
}
