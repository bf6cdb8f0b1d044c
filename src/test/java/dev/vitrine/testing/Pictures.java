package dev.vitrine.testing;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Draws pictures that differ from seed to seed. */
public final class Pictures {
    private Pictures() {}

    /** A 320×240 JPEG. */
    public static byte[] jpeg(int seed) {
        return encode("jpg", seed, 320, 240);
    }

    /** A picture of any format that ImageIO writes. */
    public static byte[] encode(String format, int seed, int width, int height) {
        return encode(drawn(seed, width, height), format);
    }

    private static BufferedImage drawn(int seed, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        Random random = new Random(seed);
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setPaint(new GradientPaint(0, 0, colour(random), width, height, colour(random)));
        canvas.fillRect(0, 0, width, height);
        for (int i = 0; i < 12; i++) {
            canvas.setColor(colour(random));
            int w = 1 + random.nextInt(width / 2 + 1);
            int h = 1 + random.nextInt(height / 2 + 1);
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            if (i % 2 == 0) {
                canvas.fillOval(x - w / 2, y - h / 2, w, h);
            } else {
                canvas.fillRect(x - w / 2, y - h / 2, w, h);
            }
        }
        canvas.dispose();
        return image;
    }

    /** A picture in any format that ImageIO writes. */
    public static byte[] encode(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("ImageIO writes no " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A JPEG in one colour. */
    public static byte[] plain(Color colour) {
        BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.setColor(colour);
        canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
        canvas.dispose();
        return encode(image, "jpg");
    }

    /**
     * A PNG that is whole by its structure, claims a size, and whose pixels cannot be unpacked.
     *
     * @param width what the header claims
     */
    public static byte[] brokenPng(int width, int height) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        chunk(png, "IHDR", header.put(new byte[] {8, 2, 0, 0, 0}).array());
        chunk(png, "IDAT", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    /**
     * A JPEG whose decoding takes the JDK many seconds: its last scan comes 50 times over, and the picture is rendered
     * anew for each. Its header and structure are those of a good picture of 12 megapixels.
     */
    public static byte[] endlessJpeg() {
        BufferedImage image = new BufferedImage(4_000, 3_000, BufferedImage.TYPE_INT_RGB);
        byte[] good = progressiveJpeg(image);
        int lastScan = good.length - 1;
        while ((good[lastScan] & 0xff) != 0xff || (good[lastScan + 1] & 0xff) != 0xda) {
            lastScan--;
        }
        ByteArrayOutputStream endless = new ByteArrayOutputStream();
        endless.write(good, 0, lastScan);
        for (int i = 0; i < 50; i++) {
            endless.write(good, lastScan, good.length - 2 - lastScan);
        }
        endless.write(good, good.length - 2, 2);
        return endless.toByteArray();
    }

    /** A progressive JPEG. */
    public static byte[] progressiveJpeg(int seed, int width, int height) {
        return progressiveJpeg(drawn(seed, width, height));
    }

    /** A picture as a progressive JPEG. */
    public static byte[] progressiveJpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(0x1000000));
    }
}
