package dev.vitrine.decoder;

import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.ShrunkPicture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bounds how many pictures of a kind are decoded at once, and how many wait for it and how long. */
final class Lane implements PixelSource {
    private final PixelSource source;
    private final Semaphore places;
    private final int mostWaiting;
    private final Duration patience;
    private final Supplier<RuntimeException> refusal;

    /**
     * @param places how many at once
     * @param mostWaiting how many may wait besides
     * @param patience how long each may
     * @param refusal what is thrown when there is no place, or none gets free soon enough
     */
    Lane(PixelSource source, int places, int mostWaiting, Duration patience, Supplier<RuntimeException> refusal) {
        this.source = source;
        this.places = new Semaphore(places, true);
        this.mostWaiting = mostWaiting;
        this.patience = patience;
        this.refusal = refusal;
    }

    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException {
        boolean in = places.tryAcquire()
                || places.getQueueLength() < mostWaiting
                        && places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!in) {
            throw refusal.get();
        }
        try {
            return source.shrink(file, header);
        } finally {
            places.release();
        }
    }
}
