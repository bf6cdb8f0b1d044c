package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes, a picture either decodes to its size or is refused as unusable, and soon. */
class DamagedPicturesTest {

    private final PictureDecoder decoder = new PictureDecoder(new PictureInspector(1_000_000), true);

    static Stream<Goldens.Case> small() {
        return Goldens.all().stream().filter(golden -> golden.width() * golden.height() < 10_000);
    }

    @ParameterizedTest
    @MethodSource("small")
    void survivesWrongBytesAnywhere(Goldens.Case golden) {
        Random random = new Random(golden.name().hashCode());
        byte[] good = golden.bytes();
        for (int round = 0; round < 25; round++) {
            byte[] bad = good.clone();
            int changes = 1 + random.nextInt(round < 12 ? 3 : 60);
            for (int i = 0; i < changes; i++) {
                int reach = round % 2 == 0 ? Math.min(bad.length, 200) : bad.length;
                bad[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            decodesOrRefuses(bad, golden.name() + " round " + round);
        }
    }

    @ParameterizedTest
    @MethodSource("small")
    void survivesAMissingMiddle(Goldens.Case golden) {
        byte[] good = golden.bytes();
        Random random = new Random(7);
        for (int round = 0; round < 6; round++) {
            int from = random.nextInt(good.length);
            int count = random.nextInt(good.length - from);
            byte[] bad = new byte[good.length - count];
            System.arraycopy(good, 0, bad, 0, from);
            System.arraycopy(good, from + count, bad, from, good.length - from - count);
            decodesOrRefuses(bad, golden.name() + " without " + count + " bytes at " + from);
        }
    }

    static Stream<byte[]> signatures() {
        return Stream.of("\u00ff\u00d8\u00ff", "\u0089PNG\r\n\u001a\n", "GIF89a", "RIFF", "II*\0", "MM\0*", "BM", "")
                .map(text -> text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void survivesNoiseBehindASignature(byte[] signature) {
        Random random = new Random(signature.length);
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            System.arraycopy(signature, 0, noise, 0, Math.min(noise.length, signature.length));
            decodesOrRefuses(noise, "noise " + round);
        }
    }

    /** The JDK renders a progressive JPEG once for every scan, so a small file could keep it busy for hours. */
    @Test
    void refusesAProgressiveJpegOfEndlessScans() {
        byte[] good = Goldens.named("progressive-420.jpg").bytes();
        int lastScan = good.length - 1;
        while ((good[lastScan] & 0xff) != 0xff || (good[lastScan + 1] & 0xff) != 0xda) {
            lastScan--;
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(good, 0, lastScan);
        for (int i = 0; i < 1000; i++) {
            bomb.write(good, lastScan, good.length - 2 - lastScan);
        }
        bomb.write(good, good.length - 2, 2);
        assertThatThrownBy(() -> decoder.decode(bomb.toByteArray()))
                .isInstanceOf(UnusablePictureException.class)
                .hasRootCauseMessage("More than 64 scans, each as costly as a picture");
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo-640x480.jpg", "photo-480x640.jpg", "cmyk-adobe.jpg", "grey.jpg"})
    void refusesAJpegWhoseDataEndsBeforeItsEndMarker(String name) {
        byte[] good = Goldens.named(name).bytes();
        byte[] half = Arrays.copyOf(good, good.length / 2 + 2);
        half[half.length - 2] = (byte) 0xff;
        half[half.length - 1] = (byte) 0xd9;
        assertThatThrownBy(() -> decoder.decode(half))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("damaged")
                .hasRootCauseMessage("The JPEG picture's data ends too early");
    }

    private void decodesOrRefuses(byte[] picture, String what) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    try {
                        Pixels pixels = decoder.decode(picture);
                        assertThat(pixels.rgb()).hasSize(3 * pixels.width() * pixels.height());
                    } catch (UnusablePictureException e) {
                        assertThat(e.getMessage()).isNotBlank();
                        assertThat(List.of(UnusablePictureException.Reason.values()))
                                .contains(e.reason());
                    } catch (Throwable e) {
                        fail(what, e);
                    }
                },
                what);
    }
}
