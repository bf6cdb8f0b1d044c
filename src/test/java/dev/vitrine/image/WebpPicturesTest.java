package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.image.vp8.Vp8Decoder;
import dev.vitrine.image.vp8l.Vp8lDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebP pictures decode to libwebp's pixels, alpha included, and hostile ones are refused at little cost. */
class WebpPicturesTest {

    private static final Path FOLDER = Path.of("src/test/resources/webp");

    private final PictureInspector inspector = new PictureInspector(50_000_000);
    private final PictureDecoder decoder = new PictureDecoder(inspector, true);

    /** A file that cwebp or Pillow wrote, and the SHA-256 of the RGBA bytes that libwebp makes of it. */
    record Golden(String name, int width, int height, String sha256) {
        byte[] bytes() throws IOException {
            return Files.readAllBytes(FOLDER.resolve(name));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> goldens() throws IOException {
        return Files.readAllLines(FOLDER.resolve("rgba.txt")).stream().map(line -> {
            String[] parts = line.split(" ");
            return new Golden(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3]);
        });
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void decodesColourAndAlphaAsLibwebp(Golden golden) throws IOException {
        byte[] picture = golden.bytes();
        PictureHeader header = inspector.inspect(picture);
        assertThat(header.width()).isEqualTo(golden.width());
        assertThat(header.height()).isEqualTo(golden.height());
        assertThat(Goldens.sha256(rgba(picture, header))).isEqualTo(golden.sha256());
    }

    private static byte[] rgba(byte[] picture, PictureHeader header) throws IOException {
        WebpStructure structure = new WebpStructure(PictureBytes.of(picture));
        structure.size();
        structure.walk();
        Structure.Size size = structure.frameSize();
        ByteBuffer rgba = ByteBuffer.allocate(4 * size.width() * size.height());
        int data = (int) structure.image() + 8;
        if (structure.lossless()) {
            for (int argb : Vp8lDecoder.decode(picture, data, end(picture, data), Interruption::check)) {
                rgba.putInt(argb << 8 | argb >>> 24);
            }
            return rgba.array();
        }
        byte[] alpha = new byte[size.width() * size.height()];
        Arrays.fill(alpha, (byte) 255);
        if (structure.alpha() != 0) {
            int alphaData = (int) structure.alpha() + 8;
            alpha = WebpAlpha.decode(picture, alphaData, end(picture, alphaData), size.width(), size.height());
        }
        byte[] alphaOfAll = alpha;
        new Vp8Decoder(picture, data, end(picture, data), Interruption::check).decode((y, rgb, offset) -> {
            for (int x = 0; x < size.width(); x++) {
                rgba.put(rgb, offset + 3 * x, 3).put(alphaOfAll[y * size.width() + x]);
            }
        });
        return rgba.array();
    }

    private static int end(byte[] picture, int data) {
        return data + ByteBuffer.wrap(picture).order(ByteOrder.LITTLE_ENDIAN).getInt(data - 4);
    }

    /** The sizes in the file say that it is whole, but pixels are missing. */
    @ParameterizedTest
    @ValueSource(strings = {"lossless-best.webp", "lossless-cache.webp", "palette-200.webp"})
    void refusesALosslessPictureWhoseDataEndsEarly(String name) throws IOException {
        byte[] whole = Files.readAllBytes(FOLDER.resolve(name));
        byte[] half = Arrays.copyOf(whole, whole.length / 4 * 2);
        ByteBuffer sizes = ByteBuffer.wrap(half).order(ByteOrder.LITTLE_ENDIAN);
        int chunk = new String(half, StandardCharsets.ISO_8859_1).indexOf("VP8L");
        sizes.putInt(4, half.length - 8);
        sizes.putInt(chunk + 4, half.length - chunk - 8);
        refuses(half, "data ends before its picture is complete");
    }

    @Test
    void refusesAPictureWhoseContainersAreSmallerThanItsData() throws IOException {
        byte[] picture = Files.readAllBytes(FOLDER.resolve("palette-9.webp"));
        ByteBuffer.wrap(picture).order(ByteOrder.LITTLE_ENDIAN).putInt(4, picture.length / 2);
        assertThatThrownBy(() -> inspector.inspect(picture))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void refusesALossyPictureThatIsShorterThanItsFirstPartition() {
        byte[] picture = Goldens.named("lossy-90.webp").bytes();
        byte[] cut = Arrays.copyOf(picture, 60);
        ByteBuffer sizes = ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN);
        sizes.putInt(4, cut.length - 8);
        sizes.putInt(16, cut.length - 20);
        assertThatThrownBy(() -> inspector.inspect(cut))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void refusesEndlessChunks() throws IOException {
        byte[] chunks = new byte[18 + 8 * 200_000];
        System.arraycopy(chunk("VP8X", 10, 10), 0, chunks, 0, 18);
        assertThatThrownBy(() -> inspector.inspect(riff(chunks)))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("structure is broken");
    }

    private static byte[] chunk(String name, int length, int data) {
        return ByteBuffer.allocate(8 + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(length)
                .array();
    }

    private static byte[] riff(byte[] chunks) {
        return ByteBuffer.allocate(12 + chunks.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(4 + chunks.length)
                .put("WEBP".getBytes(StandardCharsets.ISO_8859_1))
                .put(chunks)
                .array();
    }

    /** Each group of codes here costs 160 bytes of the file and would take 4 kB of memory. */
    @Test
    void refusesMoreCodesThanThePixelsCanNeed() {
        Bits bits = new Bits();
        bits.put(0x2f, 8).put(1023, 14).put(1023, 14).put(0, 4);
        bits.put(0, 1).put(0, 1).put(1, 1).put(0, 3).put(0, 1); // 256 x 256 blocks
        for (int code = 0; code < 2; code++) {
            bits.evenCode(code == 0 ? 280 : 256); // the numbers of groups, from what follows
        }
        bits.symbol(0).symbol(0).symbol(0);
        Random random = new Random(5);
        for (int block = 0; block < 65_536; block++) {
            bits.put(random.nextInt(256), 8).put(random.nextInt(256), 8);
        }
        for (int group = 0; group < 5000; group++) {
            for (int code = 0; code < 5; code++) {
                if (code == 4) {
                    bits.symbol(0);
                } else {
                    bits.evenCode(code == 0 ? 280 : 256);
                }
            }
        }
        byte[] picture = bits.picture();
        long allocated = allocatedBy(() -> refuses(picture, "more prefix codes than its pixels can need"));
        assertThat(allocated).isLessThan(60_000_000);
    }

    private static long allocatedBy(Runnable work) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void refuses(byte[] picture, String why) {
        assertThatThrownBy(() -> decoder.decode(picture))
                .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.DAMAGED))
                .rootCause()
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless-best.webp", "palette-9.webp", "alpha-coded.webp", "alpha-raw-none.webp"})
    void endsWhenItsThreadIsInterrupted(String name) throws IOException {
        byte[] picture = Files.readAllBytes(FOLDER.resolve(name));
        PictureHeader header = inspector.inspect(picture);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> rgba(picture, header)).isInstanceOf(CancellationException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void survivesWrongBytesAtABoundedCost(Golden golden) throws IOException {
        byte[] good = golden.bytes();
        Random random = new Random(golden.name().hashCode());
        PictureInspector small = new PictureInspector(200_000);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 300; round++) {
            byte[] bad = round % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            int changes = 1 + random.nextInt(round % 2 == 0 ? 2 : 20);
            int reach = round % 4 < 2 ? Math.min(bad.length, 90) : bad.length;
            for (int i = 0; i < changes && bad.length > 12; i++) {
                bad[12 + random.nextInt(Math.max(1, reach - 12))] = (byte) random.nextInt(256);
            }
            long time = threads.getCurrentThreadCpuTime();
            long memory = threads.getCurrentThreadAllocatedBytes();
            try {
                PictureHeader header = small.inspect(bad);
                assertThat(rgba(bad, header)).isNotEmpty();
            } catch (UnusablePictureException | IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            assertThat(threads.getCurrentThreadCpuTime() - time)
                    .as("round %d of %s", round, golden.name())
                    .isLessThan(1_000_000_000L);
            assertThat(threads.getCurrentThreadAllocatedBytes() - memory)
                    .as("round %d of %s", round, golden.name())
                    .isLessThan(20_000_000L);
        }
    }

    /** Writes a VP8L bitstream by hand. */
    private static final class Bits {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private long waiting;
        private int count;

        Bits put(int value, int bits) {
            waiting |= (long) value << count;
            count += bits;
            for (; count >= 8; count -= 8) {
                out.write((int) waiting);
                waiting >>>= 8;
            }
            return this;
        }

        /** A prefix code of one symbol. */
        Bits symbol(int symbol) {
            return put(1, 1).put(0, 1).put(1, 1).put(symbol, 8);
        }

        /** A prefix code in which the first 256 symbols have 8 bits each. */
        Bits evenCode(int alphabet) {
            put(0, 1).put(8, 4); // lengths for 12 of the code length symbols, of which 0 and 8 come last
            for (int i = 0; i < 12; i++) {
                put(i == 2 || i == 11 ? 1 : 0, 3); // 0 and 8, one bit each
            }
            put(0, 1);
            for (int symbol = 0; symbol < alphabet; symbol++) {
                put(symbol < 256 ? 1 : 0, 1);
            }
            return this;
        }

        byte[] picture() {
            put(0, 8);
            byte[] data = Arrays.copyOf(out.toByteArray(), (out.size() + 1) / 2 * 2);
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes(chunk("VP8L", data.length, 0));
            chunk.writeBytes(data);
            return riff(chunk.toByteArray());
        }
    }
}
