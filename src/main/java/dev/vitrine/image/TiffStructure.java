package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;

import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The first image directory of a TIFF file (TIFF 6.0, section 2). Every value that a decoder might allocate by is
 * checked against the file's length or the picture's size.
 */
final class TiffStructure implements Structure {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int STRIP_LENGTHS = 279;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_LENGTHS = 325;
    private static final int SAMPLE_FORMAT = 339;
    private static final int XMP = 700;

    /** How many offsets are read in a row before their lengths, which lie elsewhere in the file. */
    private static final int PAGE = 1_024;

    private record Field(int type, long count, long valueAt) {}

    private final PictureBytes bytes;
    private final boolean bigEndian;
    private final Map<Integer, Field> fields = new HashMap<>();
    private Size size;

    TiffStructure(PictureBytes bytes) throws IOException {
        this.bytes = bytes;
        this.bigEndian = bytes.u8(0) == 'M';
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.TIFF;
    }

    @Override
    public Size size() throws IOException {
        long directory = bytes.u32(4, bigEndian);
        int entries = bytes.u16(directory, bigEndian);
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + 12L * i;
            int type = bytes.u16(at + 2, bigEndian);
            long count = bytes.u32(at + 4, bigEndian);
            long length = count * unit(type);
            long valueAt = length <= 4 ? at + 8 : bytes.u32(at + 8, bigEndian);
            if (valueAt + length > bytes.length()) {
                throw new EOFException("The TIFF picture ends before the value of field " + bytes.u16(at, bigEndian));
            }
            fields.putIfAbsent(bytes.u16(at, bigEndian), new Field(type, count, valueAt));
        }
        long width = value(WIDTH, 0);
        long height = value(HEIGHT, 0);
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw broken();
        }
        size = new Size((int) width, (int) height);
        return size;
    }

    private static UnusablePictureException broken() {
        return new UnusablePictureException(
                DAMAGED, "The TIFF picture's structure is broken. Save it again, best as JPEG or PNG.");
    }

    private static int unit(int type) {
        return switch (type) {
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12, 16, 17, 18 -> 8;
            default -> 1;
        };
    }

    private long value(int tag, long otherwise) throws IOException {
        Field field = fields.get(tag);
        return field == null || field.count() == 0 ? otherwise : value(field, 0);
    }

    private long value(Field field, long index) throws IOException {
        long at = field.valueAt() + index * unit(field.type());
        return switch (unit(field.type())) {
            case 1 -> bytes.u8(at);
            case 2 -> bytes.u16(at, bigEndian);
            default -> bytes.u32(at, bigEndian);
        };
    }

    @Override
    public int walk() throws IOException {
        requireKnownCompression((int) value(COMPRESSION, 1));
        long samples = value(SAMPLES, 1);
        if (samples < 1 || samples > 8) {
            throw unsupported(samples + " channels");
        }
        Field bits = fields.get(BITS);
        for (long i = 0; bits != null && i < Math.min(bits.count(), samples); i++) {
            long depth = value(bits, i);
            if (depth != 1 && depth != 2 && depth != 4 && depth != 8 && depth != 16) {
                throw unsupported(depth + " bits a channel");
            }
        }
        if (value(SAMPLE_FORMAT, 1) != 1) {
            throw unsupported("signed or floating-point samples");
        }
        boolean tiled = fields.containsKey(TILE_OFFSETS);
        if (tiled) {
            long area = Math.multiplyHigh(value(TILE_WIDTH, 0), value(TILE_HEIGHT, 0)) != 0
                    ? Long.MAX_VALUE
                    : value(TILE_WIDTH, 0) * value(TILE_HEIGHT, 0);
            // A tile may reach over the edge, yet one far larger than the picture is only there to fill memory.
            if (area < 1 || area > Math.max(1L << 22, 4L * size.width() * size.height())) {
                throw broken();
            }
        }
        long pieces = tiled
                ? blocks(size.width(), value(TILE_WIDTH, 0)) * blocks(size.height(), value(TILE_HEIGHT, 0))
                : size.height();
        requireData(
                fields.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS),
                fields.get(tiled ? TILE_LENGTHS : STRIP_LENGTHS),
                pieces * samples);
        Field xmp = fields.get(XMP);
        if (xmp != null && !fields.containsKey(ORIENTATION)) {
            return Xmp.orientation(bytes.text(xmp.valueAt(), xmp.count()));
        }
        return (int) Math.max(1, Math.min(8, value(ORIENTATION, 1)));
    }

    private static UnusablePictureException unsupported(String what) {
        return new UnusablePictureException(
                UNSUPPORTED, "A TIFF picture with " + what + " is not supported. Save it as JPEG or PNG.");
    }

    private static long blocks(long side, long length) {
        return (side + length - 1) / length;
    }

    /** Of those that the TIFF registries name, what the decoder reads; the others are named to whoever sent the picture. */
    private static void requireKnownCompression(int compression) {
        String name =
                switch (compression) {
                    case 1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946 -> "";
                    case 34661 -> "JBIG";
                    case 34712, 33003, 33005 -> "JPEG 2000";
                    case 34887 -> "LERC";
                    case 34892 -> "lossy DNG";
                    case 34925 -> "LZMA";
                    case 50000 -> "Zstandard";
                    case 50001 -> "WebP";
                    case 50002, 52546 -> "JPEG XL";
                    default -> "a kind (" + compression + ") of";
                };
        if (!name.isEmpty()) {
            throw unsupported(name + " compression");
        }
    }

    /**
     * Each piece of the picture must be in the file.
     *
     * @param pieces how many there can be at most; a decoder reads no more
     */
    private void requireData(Field offsets, Field lengths, long pieces) throws IOException {
        if (offsets == null || offsets.count() == 0) {
            throw broken();
        }
        long count = Math.min(offsets.count(), pieces);
        long[] page = new long[(int) Math.min(PAGE, count)];
        for (long first = 0; first < count; first += page.length) {
            int here = (int) Math.min(page.length, count - first);
            for (int i = 0; i < here; i++) {
                page[i] = value(offsets, first + i);
            }
            for (int i = 0; i < here; i++) {
                long length = lengths != null && first + i < lengths.count() ? value(lengths, first + i) : 1;
                if (page[i] + length > bytes.length()) {
                    throw new EOFException("The TIFF picture ends within its image data");
                }
            }
        }
    }
}
