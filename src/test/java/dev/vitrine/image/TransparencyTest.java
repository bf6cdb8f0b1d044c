package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.CutOuts;
import dev.vitrine.testing.CutOuts.Hidden;
import dev.vitrine.testing.Pictures;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where alpha is composed on white, no colour hidden under transparency is seen; the goldens show that it can be dropped. */
class TransparencyTest {
    private final PictureInspector inspector = new PictureInspector(50_000_000);
    private final PictureDecoder white = new PictureDecoder(inspector, true, Transparency.WHITE);
    private final PictureDecoder plain = new PictureDecoder(inspector, true, Transparency.IGNORE);

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(Goldens.named(name).file());
    }

    private static int channel(Pixels pixels, int pixel, int channel) {
        return pixels.rgb()[3 * pixel + channel] & 0xff;
    }

    /** What the formula says, from a picture that Java reads. */
    private static void assertComposed(Pixels pixels, BufferedImage source) {
        for (int pixel = 0; pixel < pixels.width() * pixels.height(); pixel++) {
            int argb = source.getRGB(pixel % pixels.width(), pixel / pixels.width());
            int alpha = argb >>> 24;
            for (int channel = 0; channel < 3; channel++) {
                int value = argb >> 16 - 8 * channel & 0xff;
                assertThat(channel(pixels, pixel, channel))
                        .as("pixel %d, channel %d", pixel, channel)
                        .isEqualTo((int) Math.round((value * alpha + 255.0 * (255 - alpha)) / 255));
            }
        }
    }

    private static BufferedImage random(int type) {
        BufferedImage image = new BufferedImage(31, 17, type);
        Random random = new Random(7);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    @Test
    void composesAPngWithAlphaByTheFormula() {
        BufferedImage image = random(BufferedImage.TYPE_INT_ARGB);
        assertComposed(white.decode(Pictures.encode(image, "png")), image);
    }

    @Test
    void composesAPaletteWithTransparentColours() {
        byte[] red = new byte[16];
        byte[] alpha = new byte[16];
        new Random(3).nextBytes(red);
        new Random(4).nextBytes(alpha);
        IndexColorModel palette = new IndexColorModel(4, 16, red, red, alpha, alpha);
        BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_BINARY, palette);
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            image.getRaster().setSample(i % 20, i / 20, 0, random.nextInt(16));
        }
        assertComposed(white.decode(Pictures.encode(image, "png")), image);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-out", "lossy-alpha", "lossy-alpha-raw"})
    void composesWebpWithTheAlphaThatLibwebpGives(String name) throws IOException {
        byte[] webp;
        byte[] rgba;
        try (InputStream in = getClass().getResourceAsStream("/vp8l/" + name + ".webp");
                InputStream expected =
                        new GZIPInputStream(getClass().getResourceAsStream("/vp8l/" + name + ".rgba.gz"))) {
            webp = in.readAllBytes();
            rgba = expected.readAllBytes();
        }
        Pixels composed = white.decode(webp);
        Pixels dropped = plain.decode(webp);
        for (int pixel = 0; pixel < 90 * 90; pixel++) {
            int alpha = rgba[4 * pixel + 3] & 0xff;
            for (int channel = 0; channel < 3; channel++) {
                assertThat(channel(composed, pixel, channel))
                        .isEqualTo(Transparency.onWhite(channel(dropped, pixel, channel), alpha));
            }
        }
    }

    /** Of each the transparent pixels are white, all others as without composing. */
    @ParameterizedTest
    @ValueSource(strings = {"rgb-transparent.png", "palette-transparent.png", "frame-smaller-transparent.gif"})
    void aTransparentColourBecomesWhiteAndNoOtherChanges(String name) throws IOException {
        Pixels composed = white.decode(golden(name));
        Pixels dropped = plain.decode(golden(name));
        int changed = 0;
        for (int pixel = 0; pixel < composed.width() * composed.height(); pixel++) {
            boolean same = true;
            boolean isWhite = true;
            for (int channel = 0; channel < 3; channel++) {
                same &= channel(composed, pixel, channel) == channel(dropped, pixel, channel);
                isWhite &= channel(composed, pixel, channel) == 255;
            }
            assertThat(same || isWhite || name.startsWith("palette")).isTrue();
            changed += same ? 0 : 1;
        }
        assertThat(changed).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgba.png", "rgba16.png", "grey-alpha.png", "grey-alpha16.png", "rgba.tiff"})
    void composesEveryKindThatHasAlpha(String name) throws IOException {
        Pixels composed = white.decode(golden(name));
        Pixels dropped = plain.decode(golden(name));
        long lighter = 0;
        for (int i = 0; i < composed.rgb().length; i++) {
            int value = composed.rgb()[i] & 0xff;
            assertThat(value).isGreaterThanOrEqualTo(dropped.rgb()[i] & 0xff);
            lighter += value > (dropped.rgb()[i] & 0xff) ? 1 : 0;
        }
        assertThat(lighter).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo-640x480.jpg", "rgb.png", "rgb.bmp", "lzw.tiff", "lossless.webp", "lossy-90.webp"})
    void changesNothingWhereThereIsNoAlpha(String name) throws IOException {
        assertThat(white.decode(golden(name))).isEqualTo(plain.decode(golden(name)));
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void aCutOutLooksLikeItsProductOnWhite(Hidden hidden) throws IOException {
        BufferedImage cut = CutOuts.cut(Path.of("samples/catalogue/mug-green-zigzag-01.jpg"), hidden);
        Pixels composed = white.decode(Pictures.encode(cut, "png"));
        Pixels expected = plain.decode(Pictures.encode(CutOuts.onWhite(cut), "png"));
        assertThat(Goldens.largestDifference(composed.rgb(), expected.rgb())).isLessThanOrEqualTo(1);
    }
}
