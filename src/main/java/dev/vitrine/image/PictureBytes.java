package dev.vitrine.image;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Random access to a picture's bytes, through a small window where they are in a file. Reading behind the end throws
 * {@link EOFException}; any other {@link IOException} is the disk's fault, not the picture's.
 */
final class PictureBytes implements Closeable {

    private static final int WINDOW = 8192;

    private final FileChannel file;
    private final ByteBuffer window;
    private final long length;
    private long windowAt;

    private PictureBytes(FileChannel file, ByteBuffer window, long length) {
        this.file = file;
        this.window = window;
        this.length = length;
    }

    static PictureBytes open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new PictureBytes(file, ByteBuffer.allocate(WINDOW).limit(0), file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    static PictureBytes of(byte[] bytes) {
        return new PictureBytes(null, ByteBuffer.wrap(bytes), bytes.length);
    }

    long length() {
        return length;
    }

    int u8(long at) throws IOException {
        if (at < windowAt || at >= windowAt + window.limit()) {
            slideTo(at);
        }
        return window.get((int) (at - windowAt)) & 0xff;
    }

    private void slideTo(long at) throws IOException {
        if (file == null || at < 0 || at >= length) {
            throw new EOFException("The picture ends at byte " + length);
        }
        window.clear();
        windowAt = at;
        while (window.hasRemaining()) {
            if (file.read(window, at + window.position()) < 0) {
                break;
            }
        }
        window.flip();
        if (!window.hasRemaining()) {
            throw new EOFException("The picture ends at byte " + at);
        }
    }

    int u16(long at, boolean bigEndian) throws IOException {
        int first = u8(at);
        int second = u8(at + 1);
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    long u32(long at, boolean bigEndian) throws IOException {
        long first = u16(at, bigEndian);
        long second = u16(at + 2, bigEndian);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    int s32(long at, boolean bigEndian) throws IOException {
        return (int) u32(at, bigEndian);
    }

    /** Whether these Latin-1 characters stand there; false where the picture ends before. */
    boolean has(long at, String latin1) throws IOException {
        if (at < 0 || at + latin1.length() > length) {
            return false;
        }
        for (int i = 0; i < latin1.length(); i++) {
            if (u8(at + i) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The first bytes as Latin-1 text, fewer where there are fewer. */
    String start(int count) throws IOException {
        byte[] bytes = new byte[(int) Math.min(count, length)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) u8(i);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Bytes as Latin-1 text, at most {@link Xmp#LONGEST} of them, and fewer where the picture ends before. */
    String text(long at, long count) throws IOException {
        int size = (int) Math.max(0, Math.min(Math.min(count, Xmp.LONGEST), length - at));
        byte[] copy = new byte[size];
        for (int i = 0; i < size; i++) {
            copy[i] = (byte) u8(at + i);
        }
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
