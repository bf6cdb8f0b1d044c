package dev.vitrine.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes small JPEGs of pictures while their rows come in, beside what the model gets of the same rows. A small picture is
 * upright, whatever the settings say of that, has all of the picture, and is never larger than it. Safe for many threads.
 */
final class Thumbnailer {
    /** Length of the longer side in pixels. */
    static final int SIDE = 256;

    private static final float QUALITY = 0.8f;

    /** Rows are averaged in squares first, down to no less than this many times the size; it is much quicker. */
    private static final int LEAST_RATIO = 1;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** One picture that is being made. */
    final class Drawing implements Rows {
        private final Resampler resampler;
        private final Rows entrance;
        private final Preprocessing.Size size;
        private final int rows;

        private Drawing(PictureHeader header) {
            Orientation turn = Orientation.of(header.orientation());
            int factor = Math.max(1, Math.max(header.width(), header.height()) / (LEAST_RATIO * SIDE));
            factor = Math.min(factor, Math.min(header.width(), header.height()));
            int width = header.width() / factor;
            int height = header.height() / factor;
            size = fitting(turn.width(header.width(), header.height()), turn.height(header.width(), header.height()));
            PictureHeader reduced = new PictureHeader(header.format(), width, height, header.orientation());
            resampler = new Resampler(exactly(size), reduced, turn, scratch.get());
            entrance = factor == 1 ? resampler : new BoxReducer(width * factor, factor, resampler);
            rows = height * factor;
        }

        /** What a whole factor cannot divide is left out at the right and at the bottom. */
        @Override
        public void row(int y, byte[] rgb, int offset) {
            if (y < rows) {
                entrance.row(y, rgb, offset);
            }
        }

        /** The JPEG, once all rows came. */
        byte[] finish() {
            BufferedImage image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_3BYTE_BGR);
            byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
            resampler.finish(samples);
            for (int i = 0; i < samples.length; i += 3) {
                byte red = samples[i];
                samples[i] = samples[i + 2];
                samples[i + 2] = red;
            }
            return jpeg(image);
        }
    }

    /**
     * Begins a picture.
     *
     * @param header of the rows that will come
     */
    Drawing begin(PictureHeader header) {
        return new Drawing(header);
    }

    private static Preprocessing.Size fitting(int width, int height) {
        int longer = Math.max(width, height);
        if (longer <= SIDE) {
            return new Preprocessing.Size(width, height);
        }
        return new Preprocessing.Size(
                Math.max(1, Math.round((float) width * SIDE / longer)),
                Math.max(1, Math.round((float) height * SIDE / longer)));
    }

    private static Preprocessing exactly(Preprocessing.Size size) {
        List<Double> none = List.of(0.0, 0.0, 0.0);
        List<Double> ones = List.of(1.0, 1.0, 1.0);
        return new Preprocessing(
                new Preprocessing.Resize(size, false), Preprocessing.Filter.BILINEAR, null, 1, none, ones);
    }

    private static byte[] jpeg(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot be written to", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
