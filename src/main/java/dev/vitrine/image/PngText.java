package dev.vitrine.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A text in a PNG file (PNG, third edition, 11.3.3): {@code tEXt}, {@code zTXt} or {@code iTXt}. No more of it is read or
 * inflated than {@link Xmp#LONGEST}.
 */
record PngText(String keyword, String text) {
    private static final String RAW_EXIF = "Raw profile type exif";
    private static final String RAW_APP1 = "Raw profile type APP1";
    private static final String XMP = "XML:com.adobe.xmp";
    private static final int LONGEST_KEYWORD = 79;

    /** Whether a chunk of this type is a text. */
    static boolean isText(PictureBytes bytes, long type) throws IOException {
        return bytes.has(type, "tEXt") || bytes.has(type, "zTXt") || bytes.has(type, "iTXt");
    }

    /**
     * Reads a chunk. The text is empty where its keyword is none that says how a picture lies, or where it is broken, for
     * a picture is not refused over its remarks.
     */
    static PngText read(PictureBytes bytes, long type, long data, long length) throws IOException {
        String start = bytes.text(data, Math.min(length, LONGEST_KEYWORD + 1));
        int end = start.indexOf('\0');
        String keyword = end < 0 ? "" : start.substring(0, end);
        if (!keyword.equals(RAW_EXIF) && !keyword.equals(RAW_APP1) && !keyword.equals(XMP)) {
            return new PngText(keyword, "");
        }
        String rest = bytes.text(data + end + 1, length - end - 1);
        if (bytes.has(type, "tEXt")) {
            return new PngText(keyword, rest);
        }
        if (bytes.has(type, "zTXt")) {
            return new PngText(keyword, rest.isEmpty() ? "" : inflate(rest.substring(1)));
        }
        int language = rest.indexOf('\0', 2);
        int translated = language < 0 ? -1 : rest.indexOf('\0', language + 1);
        if (translated < 0) {
            return new PngText(keyword, "");
        }
        String text = rest.substring(translated + 1);
        return new PngText(keyword, rest.charAt(0) == 0 ? text : inflate(text));
    }

    boolean isXmp() {
        return keyword.equals(XMP);
    }

    /** The orientation that a raw profile names, 0 where this is none. */
    int exifOrientation() throws IOException {
        if (isXmp() || text.isEmpty()) {
            return 0;
        }
        // A newline, the profile's name and its length on lines of their own, then hex digits in lines.
        int name = text.indexOf('\n', 1);
        int length = name < 0 ? -1 : text.indexOf('\n', name + 1);
        if (length < 0) {
            return 0;
        }
        StringBuilder digits = new StringBuilder(text.length() - length);
        for (int i = length; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (HexFormat.isHexDigit(digit)) {
                digits.append(digit);
            } else if (digit > ' ') {
                return 0;
            }
        }
        digits.setLength(digits.length() & ~1);
        PictureBytes profile = PictureBytes.of(HexFormat.of().parseHex(digits));
        return Exif.orientation(profile, profile.has(0, "Exif\0\0") ? 6 : 0);
    }

    private static String inflate(String compressed) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (out.size() < Xmp.LONGEST) {
                int count = inflater.inflate(buffer);
                if (count == 0) {
                    break;
                }
                out.write(buffer, 0, count);
            }
            return out.toString(StandardCharsets.ISO_8859_1);
        } catch (DataFormatException e) {
            return "";
        } finally {
            inflater.end();
        }
    }
}
