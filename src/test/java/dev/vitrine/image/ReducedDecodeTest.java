package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A large JPEG that is shrunk while it is decoded gives the model the same picture, and sooner. */
class ReducedDecodeTest {
    private static final int WIDTH = 6_000;
    private static final int HEIGHT = 4_000;
    private static final long PIXELS = 40_000_000;

    @TempDir
    private Path folder;

    private enum Scene {
        GRADIENT,
        GRATING,
        NOISE,
        EDGES
    }

    @ParameterizedTest
    @CsvSource({"6000, 4000, 4", "3024, 4032, 3", "8000, 6000, 5", "4000, 3000, 1", "640, 480, 1", "6001, 4001, 1"})
    void theFactorDividesBothSidesAndLeavesFourTimesTheModelsSize(int width, int height, int factor) {
        PictureHeader header = new PictureHeader(PictureFormat.JPEG, width, height, 1);
        assertThat(BoxReducer.factor(header, Preprocessing.clip())).isEqualTo(factor);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheTensor(Scene scene) throws Exception {
        Path file = draw(scene);
        PicturePreparer whole = new PicturePreparer(Preprocessing.clip(), PIXELS, PIXELS, true, false);
        PicturePreparer reducing = new PicturePreparer(Preprocessing.clip(), PIXELS, PIXELS, true, true);
        float[] exact = new float[whole.floats()];
        float[] reduced = new float[whole.floats()];
        double exactMs = 0;
        double reducedMs = 0;
        for (int round = 0; round < 4; round++) {
            exactMs = prepare(whole, file, exact);
            reducedMs = prepare(reducing, file, reduced);
        }
        double cosine = cosine(exact, reduced);
        System.out.printf("%-9s whole %6.1f ms, reduced %6.1f ms, cosine %.6f%n", scene, exactMs, reducedMs, cosine);
        assertThat(cosine).isGreaterThanOrEqualTo(0.999);
    }

    private static double prepare(PicturePreparer preparer, Path file, float[] tensor) throws Exception {
        long start = System.nanoTime();
        try (PreparedPicture picture = preparer.prepare(file)) {
            picture.tensor().duplicate().get(tensor);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private Path draw(Scene scene) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, pixel(scene, x, y, random));
            }
        }
        File file = folder.resolve(scene + ".jpg").toFile();
        ImageIO.write(image, "jpg", file);
        return file.toPath();
    }

    private static int pixel(Scene scene, int x, int y, Random random) {
        return switch (scene) {
            case GRADIENT -> new Color(x * 255 / WIDTH, y * 255 / HEIGHT, 128).getRGB();
            case GRATING -> (int) (128 + 120 * Math.sin(0.9 * x + 0.2 * y)) * 0x10101;
            case NOISE -> random.nextInt(0x1000000);
            case EDGES -> (x / 37 + y / 53) % 2 == 0 ? 0xe0e0e0 : 0x202060;
        };
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
