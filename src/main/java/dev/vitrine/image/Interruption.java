package dev.vitrine.image;

import java.util.concurrent.CancellationException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;

/** Lets decoding end when its thread is interrupted, because nobody waits for the picture any more. */
final class Interruption {

    private Interruption() {}

    /** @throws CancellationException when this thread is interrupted */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("Interrupted while decoding");
        }
    }

    /** Makes a reader stop early, with whatever rows it has, when the thread that reads is interrupted. */
    static void endsReading(ImageReader reader) {
        reader.addIIOReadProgressListener(new Listener());
    }

    private static final class Listener implements IIOReadProgressListener {

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            if (Thread.currentThread().isInterrupted()) {
                source.abort();
            }
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}
    }
}
