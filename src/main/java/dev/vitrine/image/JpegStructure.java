package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;

import java.io.EOFException;
import java.io.IOException;

/** The marker segments of a JPEG file (ITU-T T.81, annex B). */
final class JpegStructure implements Structure {

    /** How the samples are coloured, decided as libjpeg's {@code default_decompress_parms} does. */
    enum Colour {
        GREY,
        YCBCR,
        RGB,
        CMYK,
        YCCK
    }

    static final int SOI = 0xd8;
    static final int EOI = 0xd9;
    static final int SOS = 0xda;
    static final int APP0 = 0xe0;
    static final int APP1 = 0xe1;
    static final int APP14 = 0xee;
    static final int APP15 = 0xef;
    static final int COM = 0xfe;

    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final int SOF55 = 0xf7;

    private final PictureBytes bytes;
    private int frameType;
    private int width;
    private int height;
    private int components;
    private int componentIds;
    private int orientation;
    private int xmpOrientation = 1;
    private boolean exifSeen;
    private boolean jfif;
    private int adobeTransform = -1;
    private long scan;

    JpegStructure(PictureBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.JPEG;
    }

    /** Where the next marker's code stands at or after a place; what lies between markers is skipped as libjpeg does. */
    static long nextMarker(PictureBytes bytes, long at) throws IOException {
        long place = at;
        while (true) {
            while (bytes.u8(place) != 0xff) {
                place++;
            }
            while (bytes.u8(place) == 0xff) {
                place++;
            }
            if (bytes.u8(place) != 0) {
                return place;
            }
        }
    }

    static boolean isAlone(int marker) {
        return marker == 0x01 || marker >= 0xd0 && marker <= SOI;
    }

    @Override
    public Size size() throws IOException {
        long at = 2;
        while (scan == 0) {
            at = nextMarker(bytes, at);
            int marker = bytes.u8(at);
            at++;
            if (isAlone(marker)) {
                continue;
            }
            if (marker == EOI) {
                throw new UnusablePictureException(
                        DAMAGED, "The JPEG picture holds no image data. Save or export it again.");
            }
            int length = bytes.u16(at, true);
            if (length < 2) {
                throw new UnusablePictureException(
                        DAMAGED, "The JPEG picture's header is broken. Save or export it again.");
            }
            read(marker, at + 2, length - 2);
            at += length;
            if (marker == SOS) {
                scan = at;
            }
        }
        if (frameType == 0) {
            throw new UnusablePictureException(DAMAGED, "The JPEG picture has no frame header. Save it again.");
        }
        return new Size(width, height);
    }

    private void read(int marker, long at, int length) throws IOException {
        switch (marker) {
            case APP0 -> jfif |= length >= 5 && bytes.has(at, "JFIF\0");
            case APP1 -> {
                if (!exifSeen && bytes.has(at, "Exif\0")) {
                    exifSeen = true;
                    orientation = Exif.orientation(bytes, at + 6);
                } else if (bytes.has(at, XMP)) {
                    xmpOrientation = Xmp.orientation(bytes.text(at + XMP.length(), length - XMP.length()));
                }
            }
            case APP14 -> {
                if (length >= 12 && bytes.has(at, "Adobe")) {
                    adobeTransform = bytes.u8(at + 11);
                }
            }
            case SOF55 ->
                throw new UnusablePictureException(
                        UNSUPPORTED, "JPEG-LS pictures are not supported. Save it as an ordinary JPEG or as PNG.");
            default -> {
                boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
                if (frame && frameType == 0) {
                    readFrame(marker, at);
                }
            }
        }
    }

    private void readFrame(int marker, long at) throws IOException {
        frameType = marker;
        int precision = bytes.u8(at);
        height = bytes.u16(at + 1, true);
        width = bytes.u16(at + 3, true);
        components = bytes.u8(at + 5);
        if (marker > 0xc2 || precision != 8) {
            throw new UnusablePictureException(
                    UNSUPPORTED,
                    "This kind of JPEG (lossless, arithmetic-coded or with more than 8 bits a colour) is not supported."
                            + " Save it as an ordinary JPEG or as PNG.");
        }
        if (width == 0 || height == 0) {
            throw new UnusablePictureException(
                    DAMAGED, "The JPEG picture says it is " + width + " x " + height + " pixels. Save it again.");
        }
        if (components != 1 && components != 3 && components != 4) {
            throw new UnusablePictureException(
                    UNSUPPORTED,
                    "A JPEG picture with " + components + " colour channels is not supported. Save it as RGB.");
        }
        for (int i = 0; i < Math.min(components, 3); i++) {
            componentIds = componentIds << 8 | bytes.u8(at + 6 + 3L * i);
        }
    }

    /** Some phones leave the last marker out; then the data itself has to say that it is all there. */
    @Override
    public int walk() throws IOException {
        if (!endsWithMarker() && !findsEnd() && !isWhole()) {
            throw new EOFException("The JPEG picture has no end-of-image marker");
        }
        return orientation > 0 ? orientation : xmpOrientation;
    }

    private boolean isWhole() throws IOException {
        return frameType <= 0xc1 && new JpegScan(bytes, scan).isComplete();
    }

    /** The common case, told from the last bytes alone; zeros that some devices append do not count. */
    private boolean endsWithMarker() throws IOException {
        long last = bytes.length() - 1;
        long bound = Math.max(scan, last - 4096);
        while (last > bound && bytes.u8(last) == 0) {
            last--;
        }
        return last > scan && bytes.u8(last) == EOI && bytes.u8(last - 1) == 0xff;
    }

    /** Follows scans and segments to the true end, for files with something appended. */
    private boolean findsEnd() throws IOException {
        try {
            scans();
            return true;
        } catch (EOFException e) {
            return false;
        }
    }

    /** How many scans there are up to the true end; reads the whole file. Valid after {@link #size()}. */
    int scans() throws IOException {
        int scans = 1;
        long at = scan;
        while (true) {
            at = nextMarker(bytes, at);
            int marker = bytes.u8(at);
            at++;
            if (marker == EOI) {
                return scans;
            }
            if (marker == SOS) {
                scans++;
            }
            if (!isAlone(marker)) {
                at += bytes.u16(at, true);
            }
        }
    }

    /** Valid after {@link #size()}. */
    boolean progressive() {
        return frameType == 0xc2;
    }

    /** Valid after {@link #size()}. */
    Colour colour() {
        if (components == 1) {
            return Colour.GREY;
        }
        if (components == 4) {
            return adobeTransform < 0 || adobeTransform == 0 ? Colour.CMYK : Colour.YCCK;
        }
        if (jfif) {
            return Colour.YCBCR;
        }
        if (adobeTransform >= 0) {
            return adobeTransform == 0 ? Colour.RGB : Colour.YCBCR;
        }
        return componentIds == ('R' << 16 | 'G' << 8 | 'B') ? Colour.RGB : Colour.YCBCR;
    }
}
