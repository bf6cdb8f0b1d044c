package dev.vitrine.image.vp8l;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.testing.HostilePictures;
import dev.vitrine.testing.Mutator;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against pixels that libwebp's dwebp made of the same files, and files that are made to wear a decoder out. */
class Vp8lDecoderTest {
    private static final int CHUNK = 12;

    private static byte[] read(String name) throws IOException {
        try (InputStream in = Vp8lDecoderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** Decodes the chunk VP8L of a simple file. */
    private static int[] decode(byte[] webp) throws IOException {
        int at = new String(webp, CHUNK, 4, java.nio.charset.StandardCharsets.ISO_8859_1).equals("VP8X") ? 30 : CHUNK;
        int length = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
        int end = (int) Math.min(webp.length, at + 8L + Math.max(0, length));
        return Vp8lDecoder.decode(webp, at + 8, end, () -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"noise", "cut-out", "palette-3", "palette-4", "palette-5"})
    void givesTheColoursThatLibwebpGives(String name) throws IOException {
        int[] argb = decode(read("/vp8l/" + name + ".webp"));

        byte[] rgba;
        try (InputStream in = new GZIPInputStream(getClass().getResourceAsStream("/vp8l/" + name + ".rgba.gz"))) {
            rgba = in.readAllBytes();
        }
        ByteBuffer bytes = ByteBuffer.allocate(rgba.length);
        for (int colour : argb) {
            bytes.putInt(colour << 8 | colour >>> 24);
        }
        assertThat(bytes.array()).isEqualTo(rgba);
    }

    @Test
    void refusesAPictureWhoseSecondHalfIsMissing() {
        assertThatThrownBy(() -> decode(read("/cases/lossless-half.webp"))).isInstanceOf(EOFException.class);
    }

    @Test
    @Timeout(5)
    void refusesBrokenCodesAtOnce() {
        for (String name : List.of("/cases/slow-lossless.webp", "/cases/slow-152-bytes-a.webp")) {
            assertThatThrownBy(() -> decode(read(name)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("prefix code");
        }
    }

    @Test
    @Timeout(10)
    void readsOverCodesThatNoPixelUses() throws IOException {
        assertThat(decode(HostilePictures.groupedWebp(65_536))).hasSize(16);
    }

    @Test
    void endsWhenItIsTold() {
        assertThatThrownBy(() -> Vp8lDecoder.decode(read("/vp8l/noise.webp"), 20, 13_000, () -> {
                    throw new CancellationException("no longer needed");
                }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesAnEmptyStream() {
        assertThatThrownBy(() -> Vp8lDecoder.decode(new byte[0], 0, 0, () -> {}))
                .isInstanceOf(IOException.class);
    }

    /** {@code -Dfuzz.pictures=N} tries N of each file. */
    @ParameterizedTest
    @ValueSource(strings = {"noise", "cut-out", "palette-3", "palette-4"})
    void whateverTheBytesItDecodesOrRefuses(String name) throws IOException {
        byte[] webp = read("/vp8l/" + name + ".webp");
        Mutator mutator = new Mutator(name.hashCode());
        for (int i = 0; i < Integer.getInteger("fuzz.pictures", 400); i++) {
            byte[] mutated = mutator.mutate(webp);
            if (mutated.length < 40) {
                continue;
            }
            // Not the size, which the structure of the file bounds.
            System.arraycopy(webp, 0, mutated, 0, 25);
            long begun = System.nanoTime();
            try {
                decode(mutated);
            } catch (IOException e) {
                // refused
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("picture %d", i)
                    .isLessThan(Duration.ofSeconds(2));
        }
    }
}
