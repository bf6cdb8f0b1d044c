package dev.vitrine.reindex;

import dev.vitrine.index.Product;
import java.io.IOException;
import java.nio.file.Path;

/** Pictures that are not kept here, but remembered to have come from somewhere. */
public interface Originals {

    /** A picture's file, until it is closed. */
    interface Original extends AutoCloseable {
        Path file();

        @Override
        void close() throws IOException;
    }

    /** Pictures as they are known at one moment. Thread-safe. */
    interface Noted extends AutoCloseable {
        /**
         * The very picture that a point was made of.
         *
         * @throws MissingPictureException saying why it cannot be had
         */
        Original get(Product product) throws MissingPictureException, IOException, InterruptedException;

        @Override
        void close();
    }

    /** Whether they can be had yet. */
    boolean isReady();

    /**
     * Notes which pictures are known now. What is known later is not among them.
     *
     * @param folder an empty one, for the notes
     * @throws IOException where that cannot be done now; the message says why
     */
    void note(Path folder) throws IOException;

    /**
     * Reads notes.
     *
     * @param folder as {@link #note} filled it
     */
    Noted read(Path folder) throws IOException;
}
