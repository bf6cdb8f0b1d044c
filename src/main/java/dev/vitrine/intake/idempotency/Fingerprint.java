package dev.vitrine.intake.idempotency;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells one upload from another: SHA-256 over the parts as they were parsed, each with its length before it, so that
 * neither the boundary of a multipart body nor the order of its parts matters.
 */
final class Fingerprint {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final MessageDigest sha256;

    Fingerprint() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Adds a text; null counts as empty. */
    Fingerprint add(Object value) {
        byte[] text = (value == null ? "" : value.toString().strip()).getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(text.length).flip());
        sha256.update(text);
        return this;
    }

    /**
     * Adds the bytes of a file; null counts as empty. Carriage returns at its end do not count: Netty leaves half of the line
     * end before a boundary in the file where a packet ends between its two bytes.
     */
    Fingerprint add(File file) throws IOException {
        if (file == null) {
            return add("");
        }
        long left = lengthWithoutReturns(file);
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(left).flip());
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file.toPath())) {
            for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
                int counted = (int) Math.min(n, left);
                sha256.update(buffer, 0, counted);
                left -= counted;
            }
        }
        return this;
    }

    private static long lengthWithoutReturns(File file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file, "r")) {
            long length = bytes.length();
            while (length > 0) {
                bytes.seek(length - 1);
                if (bytes.read() != '\r') {
                    break;
                }
                length--;
            }
            return length;
        }
    }

    /** Lower-case hex. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
