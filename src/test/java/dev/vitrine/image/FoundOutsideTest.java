package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.testing.HostilePictures;
import dev.vitrine.testing.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that real programs write, or somebody else made up, and how they are taken. */
class FoundOutsideTest {
    private static final String SAMSUNG_TRAILER =
            "\0\0\1\n\u000e\0\0\0Image_UTC_Data1700000000SEFHj\0\0\0\1\0\0\0\30\0\0\0SEFT";
    private static final String XMP = "<x:xmpmeta><rdf:Description %s/></x:xmpmeta>";
    private static final String ATTRIBUTE =
            XMP.formatted("xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"6\"");

    private final PictureInspector inspector = new PictureInspector(50_000_000);
    private final PictureDecoder decoder = new PictureDecoder(inspector, true);

    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(Goldens.named(name).file());
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private UnusablePictureException refusalOf(byte[] picture) {
        return catchThrowableOfType(UnusablePictureException.class, () -> decoder.decode(picture));
    }

    /** An EXIF block with an orientation alone. */
    private static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(latin1("II*\0"))
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putInt(orientation)
                .putInt(0)
                .array();
    }

    /** A PNG with one more chunk behind its header. */
    private static byte[] withChunk(byte[] png, String type, byte[] data) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(chunk);
        out.writeInt(data.length);
        out.write(latin1(type));
        out.write(data);
        CRC32 sum = new CRC32();
        sum.update(latin1(type));
        sum.update(data);
        out.writeInt((int) sum.getValue());
        return join(Arrays.copyOf(png, 33), chunk.toByteArray(), Arrays.copyOfRange(png, 33, png.length));
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo-640x480.jpg", "baseline-444.jpg", "grey.jpg", "restarts.jpg", "cmyk-adobe.jpg"})
    void aJpegWithoutItsLastMarkerIsTakenWhenAllOfItIsThere(String name) throws IOException {
        byte[] whole = golden(name);
        byte[] unended = Arrays.copyOf(whole, whole.length - 2);

        assertThat(decoder.decode(unended)).isEqualTo(decoder.decode(whole));
        assertThat(decoder.decode(join(unended, latin1(SAMSUNG_TRAILER)))).isEqualTo(decoder.decode(whole));
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo-640x480.jpg", "baseline-444.jpg", "grey.jpg", "restarts.jpg", "progressive-444.jpg"})
    void aJpegWhoseDataEndsTooEarlyIsRefusedAtTheHeader(String name) throws IOException {
        byte[] whole = golden(name);
        for (byte[] end : new byte[][] {{}, latin1(SAMSUNG_TRAILER)}) {
            byte[] cut = join(Arrays.copyOf(whole, whole.length - whole.length / 5), end);
            UnusablePictureException refusal =
                    catchThrowableOfType(UnusablePictureException.class, () -> inspector.inspect(cut));
            assertThat(refusal.reason()).isEqualTo(DAMAGED);
        }
    }

    @Test
    void aJpegLsIsAKindThatIsNotSupported() {
        byte[] spiff = HexFormat.of()
                .parseHex("ffd8ffe80020535049464600020000030000"
                        + "00f0000001400a0806010000012c0000012cffe8000800000001ffd8fff7001108");
        UnusablePictureException refusal = refusalOf(join(spiff, new byte[64]));
        assertThat(refusal.reason()).isEqualTo(UNSUPPORTED);
        assertThat(refusal).hasMessageContaining("JPEG-LS");
    }

    @ParameterizedTest
    @CsvSource({"50000, Zstandard", "34925, LZMA", "34887, LERC", "34712, JPEG 2000", "50001, WebP", "12345, 12345"})
    void aTiffThatIsCompressedInAnUnknownWayIsAKindThatIsNotSupported(int compression, String name) throws IOException {
        ByteBuffer tiff = ByteBuffer.wrap(golden("plain.tiff"));
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        for (int i = 0; i < tiff.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (tiff.getShort(entry) == 259) {
                tiff.putShort(entry + 8, (short) compression);
            }
        }
        UnusablePictureException refusal = refusalOf(tiff.array());
        assertThat(refusal.reason()).isEqualTo(UNSUPPORTED);
        assertThat(refusal).hasMessageContaining(name);
    }

    @Test
    @Timeout(2)
    void theHeaderOfATiffOfVeryManyStripsIsCheckedAtOnce() {
        int strips = 1_000_000;
        ByteBuffer tiff = ByteBuffer.allocate(200 + 8 * strips).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(latin1("II*\0")).putInt(8).putShort((short) 6);
        int[][] fields = {
            {256, 4, 1, 1},
            {257, 4, 1, strips},
            {258, 3, 1, 8},
            {273, 4, strips, 200},
            {278, 4, 1, 1},
            {279, 4, strips, 200 + 4 * strips}
        };
        for (int[] field : fields) {
            tiff.putShort((short) field[0])
                    .putShort((short) field[1])
                    .putInt(field[2])
                    .putInt(field[3]);
        }
        assertThat(inspector.inspect(tiff.array()).height()).isEqualTo(strips);
    }

    @Test
    @Timeout(5)
    void aCommentOfVeryManyPiecesCostsNothing() {
        assertThat(decoder.decode(HostilePictures.commentedGif(2_000_000)).width())
                .isEqualTo(10);
    }

    @Test
    void followsTheOrientationOfAnExifChunkWithAPrefix() throws IOException {
        byte[] png = golden("rgb.png");
        assertThat(inspector.inspect(withChunk(png, "eXIf", exif(6))).orientation())
                .isEqualTo(6);
        assertThat(inspector
                        .inspect(withChunk(png, "eXIf", join(latin1("Exif\0\0"), exif(8))))
                        .orientation())
                .isEqualTo(8);
    }

    @Test
    void followsTheOrientationOfARawProfile() throws IOException {
        byte[] profile = join(latin1("Exif\0\0"), exif(6));
        String hex = "\nexif\n      " + profile.length + "\n"
                + HexFormat.of().formatHex(profile).replaceAll("(.{72})", "$1\n") + "\n";
        byte[] keyword = latin1("Raw profile type exif\0");
        byte[] png = golden("rgb.png");
        assertThat(inspector
                        .inspect(withChunk(png, "tEXt", join(keyword, latin1(hex))))
                        .orientation())
                .isEqualTo(6);
        assertThat(inspector
                        .inspect(withChunk(png, "zTXt", join(keyword, new byte[1], deflated(latin1(hex)))))
                        .orientation())
                .isEqualTo(6);
    }

    @Test
    void followsTheOrientationOfXmpWhereExifNamesNone() throws IOException {
        byte[] png = golden("rgb.png");
        byte[] keyword = latin1("XML:com.adobe.xmp\0");
        assertThat(inspector
                        .inspect(withChunk(png, "iTXt", join(keyword, new byte[4], latin1(ATTRIBUTE))))
                        .orientation())
                .isEqualTo(6);
        assertThat(inspector
                        .inspect(withChunk(
                                png, "iTXt", join(keyword, new byte[] {1, 0, 0, 0}, deflated(latin1(ATTRIBUTE)))))
                        .orientation())
                .isEqualTo(6);

        byte[] packet =
                join(latin1("http://ns.adobe.com/xap/1.0/\0"), latin1("<tiff:Orientation>8</tiff:Orientation>"));
        byte[] app1 = join(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (packet.length + 2)}, packet);
        byte[] jpeg = golden("photo-640x480.jpg");
        byte[] rest = Arrays.copyOfRange(jpeg, 2, jpeg.length);
        assertThat(inspector.inspect(join(Arrays.copyOf(jpeg, 2), app1, rest)).orientation())
                .isEqualTo(8);
        byte[] turned = golden("orientation6.jpg");
        assertThat(inspector
                        .inspect(join(Arrays.copyOf(turned, 2), app1, Arrays.copyOfRange(turned, 2, turned.length)))
                        .orientation())
                .as("EXIF comes first")
                .isEqualTo(6);
    }

    @Test
    @Timeout(5)
    void aTextThatInflatesToAnythingIsReadToItsBound() throws IOException {
        byte[] bomb = deflated(new byte[20_000_000]);
        byte[] png =
                withChunk(Pictures.encode("png", 1, 20, 20), "zTXt", join(latin1("Raw profile type exif\0\0"), bomb));
        assertThat(inspector.inspect(png).orientation()).isEqualTo(1);
    }
}
