package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.testing.HostilePictures;
import dev.vitrine.testing.Mutator;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebpStructureTest {
    private final PictureInspector inspector = new PictureInspector(50_000_000);

    private static byte[] read(String name) throws IOException {
        try (InputStream in = WebpStructureTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    @Timeout(5)
    void doesNotDescendIntoFramesWithinFrames() {
        assertThatThrownBy(() -> inspector.inspect(HostilePictures.nestedWebp(100_000)))
                .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.DAMAGED));
    }

    @Test
    void anIncompletePictureIsDamagedWhereverThatIsSeen() throws IOException {
        byte[] half = read("/cases/lossless-half.webp");
        PictureDecoder decoder = new PictureDecoder(inspector, true);

        assertThatThrownBy(() -> decoder.decode(half))
                .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.DAMAGED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy-alpha", "lossy-alpha-raw"})
    void readsTheAlphaOfALossyPictureAsLibwebpDoes(String name) throws IOException {
        byte[] webp = read("/vp8l/" + name + ".webp");
        byte[] rgba;
        try (InputStream in = new GZIPInputStream(getClass().getResourceAsStream("/vp8l/" + name + ".rgba.gz"))) {
            rgba = in.readAllBytes();
        }
        WebpStructure structure = new WebpStructure(PictureBytes.of(webp));
        structure.size();
        structure.walk();
        int data = (int) structure.alpha() + 8;
        int end = data + (int) PictureBytes.of(webp).u32(data - 4L, false);

        byte[] alpha = WebpAlpha.decode(webp, data, end, 90, 90);

        byte[] expected = new byte[alpha.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = rgba[4 * i + 3];
        }
        assertThat(alpha).isEqualTo(expected);
    }

    /** {@code -Dfuzz.pictures=N} tries N of each file. */
    @ParameterizedTest
    @ValueSource(strings = {"/vp8l/cut-out.webp", "/vp8l/lossy-alpha.webp", "/golden/animated.webp"})
    @Timeout(60)
    void whateverTheBytesThePictureIsTakenOrRefused(String name) throws IOException {
        byte[] webp = read(name);
        Mutator mutator = new Mutator(name.hashCode());
        PictureDecoder decoder = new PictureDecoder(new PictureInspector(1_000_000), true);
        for (int i = 0; i < Integer.getInteger("fuzz.pictures", 400); i++) {
            try {
                decoder.decode(mutator.mutate(webp));
            } catch (UnusablePictureException e) {
                assertThat(e.reason()).isNotEqualTo(Reason.TOO_COSTLY);
            }
        }
    }
}
