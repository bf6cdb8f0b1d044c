package dev.vitrine.decoder;

import dev.vitrine.image.Pixels;
import dev.vitrine.image.ShrunkPicture;
import dev.vitrine.image.UnusablePictureException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * What a decoder process says: a byte for the kind, then its fields. Numbers are big-endian, text is as {@link
 * java.io.DataOutput#writeUTF} has it.
 */
sealed interface Answer {
    /** The process takes pictures. */
    record Ready() implements Answer {}

    /** A picture's pixels, and a small JPEG of it where one is made. */
    record Shrunk(ShrunkPicture picture) implements Answer {}

    /** The picture is at fault. */
    record Unusable(UnusablePictureException.Reason reason, String message) implements Answer {}

    /** The file cannot be read. */
    record Unreadable(String message) implements Answer {}

    /** Something failed that never should. */
    record Broken(String message) implements Answer {}

    /** The process has ended. Never sent: it is what the end of its output means. */
    record Ended() implements Answer {}

    /** No model takes more, on either side. */
    int LONGEST_SIDE = 4096;

    /** The most characters of a message, so that it fits {@code writeUTF} whatever they are. */
    int LONGEST_MESSAGE = 10_000;

    /** More bytes than any small picture has, whatever it shows. */
    int MOST_THUMBNAIL_BYTES = 1 << 18;

    default void write(DataOutputStream out) throws IOException {
        if (this instanceof Ready) {
            out.writeByte('R');
        } else if (this instanceof Shrunk shrunk) {
            out.writeByte('P');
            Pixels pixels = shrunk.picture().pixels();
            byte[] thumbnail = shrunk.picture().thumbnail().orElse(new byte[0]);
            out.writeInt(pixels.width());
            out.writeInt(pixels.height());
            out.write(pixels.rgb());
            out.writeInt(thumbnail.length);
            out.write(thumbnail);
        } else if (this instanceof Unusable unusable) {
            out.writeByte('U');
            out.writeUTF(unusable.reason().name());
            out.writeUTF(shortened(unusable.message()));
        } else if (this instanceof Unreadable unreadable) {
            out.writeByte('I');
            out.writeUTF(shortened(unreadable.message()));
        } else if (this instanceof Broken broken) {
            out.writeByte('B');
            out.writeUTF(shortened(broken.message()));
        }
        out.flush();
    }

    /**
     * Reads an answer of a process that may have been taken over by a picture: anything that is none means that it has
     * ended.
     */
    static Answer read(DataInputStream in) {
        try {
            int kind = in.read();
            return switch (kind) {
                case 'R' -> new Ready();
                case 'P' -> new Shrunk(new ShrunkPicture(pixels(in), thumbnail(in)));
                case 'U' -> new Unusable(UnusablePictureException.Reason.valueOf(in.readUTF()), in.readUTF());
                case 'I' -> new Unreadable(in.readUTF());
                case 'B' -> new Broken(in.readUTF());
                default -> new Ended();
            };
        } catch (IOException | IllegalArgumentException e) {
            return new Ended();
        }
    }

    private static Pixels pixels(DataInputStream in) throws IOException {
        int width = in.readInt();
        int height = in.readInt();
        if (width < 1 || height < 1 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
            throw new IOException("No model takes " + width + " x " + height + " pixels");
        }
        byte[] rgb = new byte[3 * width * height];
        in.readFully(rgb);
        return new Pixels(width, height, rgb);
    }

    private static Optional<byte[]> thumbnail(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_THUMBNAIL_BYTES) {
            throw new IOException("No small picture has " + length + " bytes");
        }
        byte[] jpeg = new byte[length];
        in.readFully(jpeg);
        return length == 0 ? Optional.empty() : Optional.of(jpeg);
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    }
}
