package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.EMPTY;
import static dev.vitrine.image.UnusablePictureException.Reason.TOO_LARGE;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.image.UnusablePictureException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PictureInspectorTest {

    private final PictureInspector inspector = new PictureInspector(50_000_000);

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private UnusablePictureException refusalOf(byte[] picture) {
        return catchThrowableOfType(UnusablePictureException.class, () -> inspector.inspect(picture));
    }

    @ParameterizedTest
    @CsvSource({
        "photo-640x480.jpg, JPEG, image/jpeg, 640, 480, 1",
        "photo-480x640.jpg, JPEG, image/jpeg, 480, 640, 1",
        "orientation6.jpg,  JPEG, image/jpeg, 101, 76,  6",
        "orientation6.png,  PNG,  image/png,  101, 76,  6",
        "orientation6.webp, WEBP, image/webp, 101, 76,  6",
        "orientation8.tiff, TIFF, image/tiff, 101, 76,  8",
        "lossy-odd.webp,    WEBP, image/webp, 61,  47,  1",
        "lossless.webp,     WEBP, image/webp, 101, 76,  1",
        "animated.webp,     WEBP, image/webp, 101, 76,  1",
        "animated.gif,      GIF,  image/gif,  101, 76,  1",
        "frame-larger.gif,  GIF,  image/gif,  101, 76,  1",
        "top-down.bmp,      BMP,  image/bmp,  101, 76,  1",
        "lzw.tiff,          TIFF, image/tiff, 101, 76,  1",
    })
    void readsTheHeaderFromTheBytes(
            String name, PictureFormat format, String mediaType, int width, int height, int orientation)
            throws IOException {
        PictureHeader header = inspector.inspect(Goldens.named(name).file());
        assertThat(header).isEqualTo(new PictureHeader(format, width, height, orientation));
        assertThat(header.mediaType()).isEqualTo(mediaType);
    }

    @Test
    void doesNotBelieveTheName(@TempDir Path folder) throws IOException {
        Path misnamed = Files.copy(Goldens.named("rgb.png").file(), folder.resolve("photo.jpg"));
        assertThat(inspector.inspect(misnamed).format()).isEqualTo(PictureFormat.PNG);
        Path text = Files.writeString(folder.resolve("text.jpg"), "Dear customer, please find attached");
        assertThatThrownBy(() -> inspector.inspect(text))
                .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                        .isEqualTo(UNSUPPORTED))
                .hasMessageContaining("JPEG, PNG, WebP, GIF, BMP or TIFF");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThat(refusalOf(new byte[0]).reason()).isEqualTo(EMPTY);
    }

    @Test
    void reportsAFileThatCannotBeReadAsNoFaultOfThePicture(@TempDir Path folder) {
        assertThatThrownBy(() -> inspector.inspect(folder.resolve("gone.jpg"))).isInstanceOf(NoSuchFileException.class);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("HEIC", latin1("\0\0\0\u0018ftypheic\0\0\0\0mif1heic")),
                Arguments.of("AVIF", latin1("\0\0\0\u001cftypavif\0\0\0\0avifmif1miaf")),
                Arguments.of("video", latin1("\0\0\0\u0018ftypmp42\0\0\0\0isommp42")),
                Arguments.of("SVG", latin1("<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>")),
                Arguments.of("PDF", latin1("%PDF-1.7\n")),
                Arguments.of("web page", latin1("\n <!DOCTYPE html><html><body>Log in</body></html>")),
                Arguments.of("JPEG XL", latin1("\u00ff\n\u0000\u0001")),
                Arguments.of("JPEG 2000", latin1("\0\0\0\u000cjP  \r\n\u0087\n")),
                Arguments.of("Photoshop", latin1("8BPS\0\1")),
                Arguments.of("ZIP", latin1("PK\u0003\u0004\u0014")),
                Arguments.of("BigTIFF", latin1("II+\0\b\0\0\0")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void namesWhatWasSentInstead(String what, byte[] bytes) {
        UnusablePictureException refusal = refusalOf(bytes);
        assertThat(refusal.reason()).isEqualTo(UNSUPPORTED);
        assertThat(refusal).hasMessageContaining(what).hasMessageMatching("(?s).*(send|Send) .*");
    }

    private static byte[] patched(String name, int at, ByteOrder order, int... shorts) {
        byte[] bytes = Goldens.named(name).bytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        for (int i = 0; i < shorts.length; i++) {
            buffer.putShort(at + 2 * i, (short) shorts[i]);
        }
        return bytes;
    }

    private static int indexOf(String name, String pattern) {
        return new String(Goldens.named(name).bytes(), StandardCharsets.ISO_8859_1).indexOf(pattern);
    }

    /** Small files whose headers claim 60,000 x 60,000 pixels (VP8 and VP8L: their limit of 16,383). */
    static Stream<Arguments> bombs() {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        ByteOrder big = ByteOrder.BIG_ENDIAN;
        int frame = indexOf("baseline-420.jpg", "\u00ff\u00c0");
        ByteBuffer tiff = ByteBuffer.allocate(64).order(little);
        tiff.put(latin1("II*\0")).putInt(8).putShort((short) 2);
        tiff.putShort((short) 256).putShort((short) 4).putInt(1).putInt(60_000);
        tiff.putShort((short) 257).putShort((short) 4).putInt(1).putInt(60_000);
        ByteBuffer extended = ByteBuffer.allocate(64).order(little);
        extended.put(latin1("RIFF"))
                .putInt(56)
                .put(latin1("WEBPVP8X"))
                .putInt(10)
                .putInt(0);
        extended.put(new byte[] {0x5f, (byte) 0xea, 0, 0x5f, (byte) 0xea, 0});
        return Stream.of(
                Arguments.of("JPEG", patched("baseline-420.jpg", frame + 5, big, 60_000, 60_000)),
                Arguments.of("PNG", Arrays.copyOf(patched("rgb.png", 16, big, 0, 60_000, 0, 60_000), 300)),
                Arguments.of("GIF screen", Arrays.copyOf(patched("palette.gif", 6, little, 60_000, 60_000), 1300)),
                Arguments.of("BMP", Arrays.copyOf(patched("rgb.bmp", 18, little, 60_000, 0, 60_000, 0), 300)),
                Arguments.of("TIFF", tiff.array()),
                Arguments.of("WebP", extended.array()),
                Arguments.of("VP8", patched("lossy-90.webp", 26, little, 16_383, 16_383)),
                Arguments.of("VP8L", patched("lossless.webp", 21, little, 0xffff, 0x0fff)));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void refusesTooManyPixelsFromTheHeaderAlone(String what, byte[] bomb) {
        UnusablePictureException refusal = refusalOf(bomb);
        assertThat(refusal.reason()).isEqualTo(TOO_LARGE);
        assertThat(refusal).hasMessageContaining("megapixels; at most 50.0");
    }

    static Stream<Goldens.Case> whole() {
        return Goldens.all().stream();
    }

    @ParameterizedTest
    @MethodSource("whole")
    void findsThatAFileIsCutOff(Goldens.Case golden) {
        byte[] bytes = golden.bytes();
        int end = bytes.length;
        if (golden.name().equals("appended.jpg")) {
            end -= "SEFT appended by a phone .. more".length();
        } else if (golden.name().equals("animated.gif")) {
            end /= 3; // the first frame is all that is read
        }
        int last = end;
        IntStream.of(last - last / 16 - 4, last / 2, last / 4, Math.max(24, last / 8))
                .forEach(length -> {
                    UnusablePictureException refusal = refusalOf(Arrays.copyOf(bytes, length));
                    assertThat(refusal).as("%s of %s bytes", length, last).isNotNull();
                    assertThat(refusal.reason()).isEqualTo(DAMAGED);
                });
    }

    @Test
    void inspectsAHugeFileWithoutReadingIt(@TempDir Path folder) throws IOException {
        byte[] small = Goldens.named("photo-640x480.jpg").bytes();
        Path huge = folder.resolve("huge.jpg");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.write(small, 0, small.length - 2);
            file.seek(2_000_000_000L);
            file.write(new byte[] {(byte) 0xff, (byte) 0xd9});
        }
        long start = System.nanoTime();
        assertThat(inspector.inspect(huge).width()).isEqualTo(640);
        assertThat(System.nanoTime() - start).isLessThan(500_000_000L);
    }

    @Test
    void reasonsAreForThePersonWhoSentThePicture() {
        byte[] cut = Arrays.copyOf(Goldens.named("photo-640x480.jpg").bytes(), 4000);
        assertThat(refusalOf(cut))
                .hasMessage("The JPEG picture is cut off: its end is missing. Send the complete file.");
        assertThat(Reason.values()).contains(EMPTY);
    }
}
