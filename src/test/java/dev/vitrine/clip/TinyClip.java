package dev.vitrine.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/** The tiny model of the tests (src/test/python/make_tiny_clip.py) and pictures for it. */
public final class TinyClip {

    public static final int SIDE = 224;
    public static final int FLOATS = 3 * SIDE * SIDE;

    private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] STD = {0.26862954f, 0.26130258f, 0.27577711f};

    private TinyClip() {}

    /** The model's folder; not to be written to. */
    public static Path folder() {
        try {
            return Path.of(TinyClip.class.getResource("/tiny-clip").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A model that misbehaves. */
    public static Path variant(String file) {
        return folder().resolve("variants").resolve(file);
    }

    /** A copy that a test may change. */
    public static Path copyTo(Path target) {
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(folder().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static EncoderOptions options(int workers, int maxBatch) {
        return new EncoderOptions(workers, maxBatch, Device.CPU, Duration.ofSeconds(20));
    }

    /** A prepared picture of random squares; the same seed gives the same picture, and seeds differ in contrast. */
    public static FloatBuffer noise(long seed) {
        Random random = new Random(seed);
        float[] squares = new float[3 * 4 * 4];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = (float) random.nextGaussian() * (1 + seed % 7);
        }
        FloatBuffer picture = allocate();
        for (int i = 0; i < FLOATS; i++) {
            int channel = i / (SIDE * SIDE);
            int row = i / SIDE % SIDE / 56;
            int column = i % SIDE / 56;
            picture.put(i, squares[channel * 16 + row * 4 + column]);
        }
        return picture;
    }

    /** A prepared picture in one colour, each channel 0 to 255. */
    public static FloatBuffer colour(int red, int green, int blue) {
        int[] rgb = {red, green, blue};
        FloatBuffer picture = allocate();
        for (int i = 0; i < FLOATS; i++) {
            int channel = i / (SIDE * SIDE);
            picture.put(i, (rgb[channel] / 255f - MEAN[channel]) / STD[channel]);
        }
        return picture;
    }

    /** A prepared picture of one value everywhere. */
    public static FloatBuffer flat(float value) {
        FloatBuffer picture = allocate();
        for (int i = 0; i < FLOATS; i++) {
            picture.put(i, value);
        }
        return picture;
    }

    private static FloatBuffer allocate() {
        return ByteBuffer.allocateDirect(FLOATS * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
