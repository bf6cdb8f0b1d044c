package dev.vitrine.index.thumbnail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whose a small picture is and of which upload: a comment (marker COM) behind the beginning of its JPEG.
 *
 * @param owner whose it is
 * @param version of the upload
 */
public record Label(Owner owner, long version) {
    /** As many bytes of a file have its label. */
    static final int MOST_BYTES = 4096;

    private static final byte[] TITLE = "vitrine ".getBytes(StandardCharsets.US_ASCII);
    private static final int START_OF_IMAGE = 0xffd8;
    private static final int COMMENT = 0xfffe;

    /** A JPEG with this label. */
    byte[] on(byte[] jpeg) {
        byte[] name = owner.text().getBytes(StandardCharsets.UTF_8);
        int length = Short.BYTES + TITLE.length + Long.BYTES + name.length;
        if (length + 2 * Short.BYTES > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The name of a picture has " + name.length + " bytes, which is too long");
        }
        return ByteBuffer.allocate(jpeg.length + Short.BYTES + length)
                .put(jpeg, 0, Short.BYTES)
                .putShort((short) COMMENT)
                .putShort((short) length)
                .put(TITLE)
                .putLong(version)
                .put(name)
                .put(jpeg, Short.BYTES, jpeg.length - Short.BYTES)
                .array();
    }

    /** The label of a file that begins with these bytes; empty where they are not from here. */
    static Optional<Label> of(byte[] beginning) {
        ByteBuffer bytes = ByteBuffer.wrap(beginning);
        if (bytes.remaining() < 3 * Short.BYTES + TITLE.length + Long.BYTES
                || Short.toUnsignedInt(bytes.getShort()) != START_OF_IMAGE
                || Short.toUnsignedInt(bytes.getShort()) != COMMENT) {
            return Optional.empty();
        }
        int nameLength = Short.toUnsignedInt(bytes.getShort()) - Short.BYTES - TITLE.length - Long.BYTES;
        byte[] title = new byte[TITLE.length];
        bytes.get(title);
        long version = bytes.getLong();
        if (!Arrays.equals(title, TITLE) || nameLength < 0 || nameLength > bytes.remaining()) {
            return Optional.empty();
        }
        byte[] name = new byte[nameLength];
        bytes.get(name);
        return Owner.of(new String(name, StandardCharsets.UTF_8)).map(owner -> new Label(owner, version));
    }
}
