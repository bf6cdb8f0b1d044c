package dev.vitrine.bench;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Draws the pictures of the benchmark: JPEGs of 640 × 480 pixels and about 100 KB, as a camera or a shop makes them. */
final class Pictures {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int SHAPES = 60;

    /** Its square is the default of {@code VITRINE_SEARCH_MAX_PIXELS}. */
    private static final int DEAR = 4000;

    /** Grain of this strength brings a picture to about 100 KB at this quality. */
    private static final double GRAIN = 13;

    private static final float QUALITY = 0.85f;

    private Pictures() {}

    /** So many pictures; the same ones every time. */
    static List<byte[]> draw(int count) {
        return IntStream.range(0, count).mapToObj(Pictures::draw1).toList();
    }

    /** A picture of 1 KB. */
    static byte[] small() {
        return jpeg(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB));
    }

    /** The dearest pictures that a search may have: noise of 16 megapixels as progressive and plain JPEG, and as PNG. */
    static List<byte[]> dearest() {
        BufferedImage image = new BufferedImage(DEAR, DEAR, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < DEAR; y++) {
            for (int x = 0; x < DEAR; x++) {
                image.setRGB(x, y, 0x404040 + (random.nextInt(1 << 24) & 0x3f3f3f));
            }
        }
        return List.of(jpeg(image, ImageWriteParam.MODE_DEFAULT), jpeg(image), png());
    }

    /** Few colors, so that 16 megapixels are below the largest upload. */
    private static byte[] png() {
        BufferedImage image = new BufferedImage(DEAR, DEAR, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < DEAR; y++) {
            for (int x = 0; x < DEAR; x++) {
                image.setRGB(x, y, random.nextInt(4) * 0x404040);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new BenchException("A picture cannot be drawn: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static byte[] draw1(int seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        for (int i = 0; i < SHAPES; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            int side = 20 + random.nextInt(200);
            graphics.fillOval(random.nextInt(WIDTH) - side / 2, random.nextInt(HEIGHT) - side / 2, side, side);
        }
        graphics.dispose();
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int grain = (int) Math.round(random.nextGaussian() * GRAIN);
                int rgb = image.getRGB(x, y);
                image.setRGB(x, y, shift(rgb >> 16, grain) << 16 | shift(rgb >> 8, grain) << 8 | shift(rgb, grain));
            }
        }
        return jpeg(image);
    }

    private static int shift(int value, int by) {
        return Math.max(0, Math.min(255, (value & 0xff) + by));
    }

    private static byte[] jpeg(BufferedImage image) {
        return jpeg(image, ImageWriteParam.MODE_DISABLED);
    }

    private static byte[] jpeg(BufferedImage image, int progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            parameters.setProgressiveMode(progressive);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new BenchException("A picture cannot be drawn: " + e.getMessage(), e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
