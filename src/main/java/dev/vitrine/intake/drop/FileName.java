package dev.vitrine.intake.drop;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A file's name as the disk has it: bytes, which need not be text. It is handled in ASCII, with every other byte as
 * {@code %XX}, so that it does not matter which characters the process's locale knows.
 *
 * @param encoded the name in ASCII
 */
record FileName(String encoded) implements Comparable<FileName> {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int MAX_BYTES = 255;

    /** The name of a file. */
    static FileName of(Path file) {
        String name = file.getFileName().toString();
        if (PLAIN.matcher(name).matches()) {
            return new FileName(name);
        }
        // The URI is made from the name's bytes; the text above is not, where the locale lacks a character.
        String uri = file.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        return new FileName(encode(decode(uri.substring(uri.lastIndexOf('/', end - 1) + 1, end))));
    }

    /** The file of this name in a folder. */
    Path in(Path folder) {
        if (encoded.indexOf('%') < 0) {
            return folder.resolve(encoded);
        }
        String uri = folder.toUri().toString();
        return Path.of(URI.create(uri.endsWith("/") ? uri + encoded : uri + "/" + encoded));
    }

    /** Whether the name is UTF-8. */
    boolean isText() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decode(encoded)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The name as text; what is not UTF-8 is replaced. */
    String text() {
        return new String(decode(encoded), StandardCharsets.UTF_8);
    }

    /** The name for the log and for notes: without what would end a line. */
    String shown() {
        String text = text().replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 120 ? text : text.substring(0, 100) + "... (" + decode(encoded).length + " bytes)";
    }

    /** The name without what follows its last dot. */
    FileName stem() {
        int dot = encoded.lastIndexOf('.');
        return dot <= 0 ? this : new FileName(encoded.substring(0, dot));
    }

    /** What follows the last dot, in lower case; empty where there is none. */
    String extension() {
        int dot = encoded.lastIndexOf('.');
        return dot <= 0 ? "" : encoded.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The name with something after it, shortened in between where the disk would not take it. */
    FileName with(String suffix) {
        byte[] bytes = decode(encoded);
        int length = Math.min(bytes.length, MAX_BYTES - suffix.length());
        while (length < bytes.length && length > 0 && (bytes[length] & 0xc0) == 0x80) {
            length--; // not within a character
        }
        return new FileName(encode(java.util.Arrays.copyOf(bytes, length)) + suffix);
    }

    @Override
    public int compareTo(FileName other) {
        return encoded.compareTo(other.encoded);
    }

    private static String encode(byte[] bytes) {
        StringBuilder name = new StringBuilder();
        for (byte b : bytes) {
            if (PLAIN.matcher(String.valueOf((char) (b & 0xff))).matches()) {
                name.append((char) b);
            } else {
                name.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xff));
            }
        }
        return name.toString();
    }

    private static byte[] decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
