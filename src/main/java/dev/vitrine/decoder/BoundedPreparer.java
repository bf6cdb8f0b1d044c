package dev.vitrine.decoder;

import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PreparedPicture;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Makes pictures ready for the model, as routes ask for it. Whatever a file holds, it takes no more processor time and
 * memory than the settings say, and nothing of it is left behind.
 */
public final class BoundedPreparer implements AutoCloseable {
    private final PicturePreparer indexing;
    private final PicturePreparer searching;
    private final DecoderPool indexingPool;
    private final DecoderPool searchingPool;
    private final Timer times;

    /** @param times how long pictures took, the wait for a decoder included */
    BoundedPreparer(
            PicturePreparer indexing,
            PicturePreparer searching,
            DecoderPool indexingPool,
            DecoderPool searchingPool,
            Timer times) {
        this.times = times;
        this.indexing = indexing;
        this.searching = searching;
        this.indexingPool = indexingPool;
        this.searchingPool = searchingPool;
    }

    DecoderPool indexingPool() {
        return indexingPool;
    }

    DecoderPool searchingPool() {
        return searchingPool;
    }

    /**
     * Prepares a picture that is to be indexed, for as long as it takes and {@code VITRINE_DECODE_DEADLINE} allows.
     *
     * @return to be closed
     * @throws dev.vitrine.image.UnusablePictureException when the picture is at fault
     * @throws IOException when the file cannot be read
     */
    public PreparedPicture prepare(Path file) throws IOException, InterruptedException {
        return timed(indexing, file);
    }

    /**
     * Prepares a picture that somebody waits for: with 2 s of processor time and {@code VITRINE_SEARCH_MAX_PIXELS}.
     *
     * @return to be closed
     * @throws dev.vitrine.image.UnusablePictureException when the picture is at fault
     * @throws TooManySearchesException when too many are prepared at once
     * @throws IOException when the file cannot be read
     */
    public PreparedPicture prepareForSearch(Path file) throws IOException, InterruptedException {
        return timed(searching, file);
    }

    private PreparedPicture timed(PicturePreparer preparer, Path file) throws IOException, InterruptedException {
        long start = System.nanoTime();
        PreparedPicture picture = preparer.prepare(file);
        times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        return picture;
    }

    /** Ends its processes. */
    @Override
    public void close() {
        indexingPool.close();
        searchingPool.close();
    }
}
