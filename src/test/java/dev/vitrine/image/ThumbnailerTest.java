package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small pictures for people, made of the same rows as the model's. */
class ThumbnailerTest {
    private static final int MOST_PIXELS = 50_000_000;

    private static ShrunkPicture shrink(byte[] picture, boolean thumbnails) {
        PictureHeader header = new PictureInspector(MOST_PIXELS).inspect(picture);
        return new PictureShrinker(
                        new Preparation(Preprocessing.clip(), MOST_PIXELS, true, true, Transparency.WHITE, thumbnails))
                .shrink(picture, header);
    }

    private static BufferedImage thumbnail(byte[] picture) throws IOException {
        byte[] jpeg = shrink(picture, true).thumbnail().orElseThrow();
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    private static void assertNear(int rgb, Color expected) {
        Color seen = new Color(rgb);
        assertThat(Math.abs(seen.getRed() - expected.getRed())).isLessThan(12);
        assertThat(Math.abs(seen.getGreen() - expected.getGreen())).isLessThan(12);
        assertThat(Math.abs(seen.getBlue() - expected.getBlue())).isLessThan(12);
    }

    @ParameterizedTest
    @CsvSource({
        "640, 480, 256, 192",
        "4000, 3000, 256, 192",
        "3001, 1999, 256, 171",
        "100, 40, 100, 40",
        "1, 1, 1, 1",
        "3000, 2, 256, 1",
        "256, 257, 255, 256"
    })
    void fitsASquareAndIsNeverLargerThanThePicture(int width, int height, int w, int h) throws IOException {
        BufferedImage small = thumbnail(Pictures.encode("jpg", 1, width, height));

        assertThat(small.getWidth()).isEqualTo(w);
        assertThat(small.getHeight()).isEqualTo(h);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png"})
    void whatTheModelGetsIsTheSameToTheByte(String format) {
        byte[] picture = Pictures.encode(format, 3, 1501, 997);

        assertThat(shrink(picture, true).pixels())
                .isEqualTo(shrink(picture, false).pixels());
        assertThat(shrink(picture, false).thumbnail()).isEmpty();
    }

    @Test
    void showsAllOfThePicture() throws IOException {
        BufferedImage halves = new BufferedImage(900, 600, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = halves.createGraphics();
        canvas.setColor(Color.RED);
        canvas.fillRect(0, 0, 450, 600);
        canvas.setColor(Color.BLUE);
        canvas.fillRect(450, 0, 450, 600);
        canvas.dispose();

        BufferedImage small = thumbnail(Pictures.encode(halves, "png"));

        assertNear(small.getRGB(3, 3), Color.RED);
        assertNear(small.getRGB(252, 165), Color.BLUE);
    }

    @Test
    void whatIsTransparentIsWhite() throws IOException {
        BufferedImage clear = new BufferedImage(300, 300, BufferedImage.TYPE_INT_ARGB);
        clear.setRGB(150, 150, 0xff000000);

        assertNear(thumbnail(Pictures.encode(clear, "png")).getRGB(10, 10), Color.WHITE);
    }

    @Test
    void isUprightWhateverTheModelGets() throws IOException {
        byte[] lying = Pictures.encode("jpg", 5, 600, 300);
        PictureHeader header = new PictureHeader(PictureFormat.JPEG, 600, 300, 6);
        ShrunkPicture shrunk = new PictureShrinker(
                        new Preparation(Preprocessing.clip(), MOST_PIXELS, false, true, Transparency.WHITE, true))
                .shrink(lying, header);

        BufferedImage small =
                ImageIO.read(new ByteArrayInputStream(shrunk.thumbnail().orElseThrow()));
        BufferedImage stored = ImageIO.read(new ByteArrayInputStream(lying));
        assertThat(small.getWidth()).isEqualTo(128);
        assertThat(small.getHeight()).isEqualTo(256);
        assertNear(small.getRGB(125, 2), new Color(stored.getRGB(3, 3)));
    }
}
