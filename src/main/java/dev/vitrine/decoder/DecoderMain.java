package dev.vitrine.decoder;

import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.ShrunkPicture;
import dev.vitrine.image.UnusablePictureException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;

/**
 * A decoder process: shrinks one picture after the other. Its input has a {@link Preparation}, serialised, behind its
 * length, then the path of each picture as {@code writeUTF} writes it; its output has an {@link Answer} to each. It ends
 * when its input ends, at once, whatever it is doing: then the service is gone, or does not want it any more.
 */
public final class DecoderMain {
    private static final int MOST_HELLO_BYTES = 1 << 16;

    /** Shrinks a picture. */
    @FunctionalInterface
    interface Shrinker {
        ShrunkPicture shrink(Path file) throws IOException;
    }

    /** Makes what shrinks pictures of how they are to be prepared. */
    @FunctionalInterface
    interface Maker {
        Shrinker make(Preparation preparation);
    }

    private DecoderMain() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        serve(preparation -> new PictureShrinker(preparation)::shrink);
    }

    /** Serves until the input ends; does not return. */
    static void serve(Maker maker) throws IOException, ClassNotFoundException, InterruptedException {
        DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err); // decoders that chat must not be taken for answers
        Shrinker shrinker = maker.make(readPreparation(in));
        new Answer.Ready().write(out);
        SynchronousQueue<Path> paths = new SynchronousQueue<>();
        Thread reader = new Thread(() -> readPaths(in, paths), "requests");
        reader.setDaemon(true);
        reader.start();
        while (true) {
            answer(shrinker, paths.take()).write(out);
        }
    }

    private static Preparation readPreparation(DataInputStream in) throws IOException, ClassNotFoundException {
        int length = in.readInt();
        if (length < 0 || length > MOST_HELLO_BYTES) {
            throw new IOException("No preparation has " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (Preparation) objects.readObject();
        }
    }

    private static void readPaths(DataInputStream in, SynchronousQueue<Path> paths) {
        try {
            while (true) {
                paths.put(Path.of(in.readUTF()));
            }
        } catch (IOException | InterruptedException e) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static Answer answer(Shrinker shrinker, Path file) {
        try {
            return new Answer.Shrunk(shrinker.shrink(file));
        } catch (UnusablePictureException e) {
            return new Answer.Unusable(e.reason(), e.getMessage());
        } catch (IOException e) {
            return new Answer.Unreadable(e.toString());
        } catch (RuntimeException e) {
            return new Answer.Broken(e.toString());
        }
    }
}
