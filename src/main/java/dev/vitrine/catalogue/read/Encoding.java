package dev.vitrine.catalogue.read;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * How a text file is written.
 *
 * @param isGzip whether it is compressed
 * @param charset what its bytes mean
 * @param mark how many bytes at its beginning only name the charset
 */
record Encoding(boolean isGzip, Charset charset, int mark) {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int BUFFER = 64 * 1024;

    /** A file with some broken characters is still UTF-8 where so many more are whole. */
    private static final int WHOLE_FOR_A_BROKEN_ONE = 10;

    /**
     * Looks through the whole file, as its first character beyond ASCII may be its last.
     *
     * @throws CatalogueException where it is an archive of another kind
     */
    static Encoding of(Path file) throws IOException {
        boolean isGzip = isGzip(file);
        try (InputStream in = open(file, isGzip)) {
            byte[] head = in.readNBytes(4);
            if (starts(head, 0xEF, 0xBB, 0xBF)) {
                return new Encoding(isGzip, StandardCharsets.UTF_8, 3);
            }
            if (starts(head, 0xFF, 0xFE)) {
                return new Encoding(isGzip, StandardCharsets.UTF_16LE, 2);
            }
            if (starts(head, 0xFE, 0xFF)) {
                return new Encoding(isGzip, StandardCharsets.UTF_16BE, 2);
            }
            if (head.length >= 4 && head[1] == 0 && head[3] == 0) {
                return new Encoding(isGzip, StandardCharsets.UTF_16LE, 0);
            }
            if (head.length >= 4 && head[0] == 0 && head[2] == 0) {
                return new Encoding(isGzip, StandardCharsets.UTF_16BE, 0);
            }
        }
        return new Encoding(isGzip, isUtf8(file, isGzip) ? StandardCharsets.UTF_8 : WINDOWS, 0);
    }

    private static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(4);
            if (starts(head, 'P', 'K', 3, 4) || starts(head, 'B', 'Z', 'h')) {
                throw new CatalogueException(
                        file.getFileName() + " is an archive; unpack it and give the catalogue that was in it");
            }
            if (starts(head, 0x89, 'P', 'N', 'G')
                    || starts(head, 0xFF, 0xD8, 0xFF)
                    || starts(head, '%', 'P', 'D', 'F')) {
                throw new CatalogueException(file.getFileName() + " is no catalogue but a picture or a document");
            }
            return starts(head, 0x1F, 0x8B);
        }
    }

    /** Text from the first character on, whatever cannot be read replaced by U+FFFD. */
    BufferedReader reader(Path file) throws IOException {
        InputStream in = open(file, isGzip);
        in.skipNBytes(mark);
        return new BufferedReader(new InputStreamReader(in, charset), BUFFER);
    }

    /** Bytes as they are, for a parser that knows charsets itself. */
    InputStream bytes(Path file) throws IOException {
        return open(file, isGzip);
    }

    private static InputStream open(Path file, boolean isGzip) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return isGzip
                    ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER)
                    : new BufferedInputStream(in, BUFFER);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean isUtf8(Path file, boolean isGzip) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer chars = CharBuffer.allocate(BUFFER);
        long whole = 0;
        long broken = 0;
        try (InputStream in = open(file, isGzip)) {
            for (boolean end = false; !end; ) {
                int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
                end = n < 0;
                bytes.position(bytes.position() + Math.max(n, 0)).flip();
                while (true) {
                    CoderResult result = decoder.decode(bytes, chars, end);
                    whole += beyondAscii(chars.flip());
                    chars.clear();
                    if (result.isError()) {
                        broken++;
                        bytes.position(bytes.position() + result.length());
                    } else if (result.isUnderflow()) {
                        break;
                    }
                }
                bytes.compact();
            }
        }
        return broken == 0 || whole > WHOLE_FOR_A_BROKEN_ONE * broken;
    }

    private static long beyondAscii(CharBuffer chars) {
        return chars.chars().filter(c -> c > 0x7F).count();
    }

    private static boolean starts(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return (mark > 0 && charset == StandardCharsets.UTF_8 ? "UTF-8 with BOM" : charset.displayName())
                + (isGzip ? ", gzip" : "");
    }
}
