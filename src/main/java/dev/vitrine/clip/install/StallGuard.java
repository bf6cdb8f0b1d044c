package dev.vitrine.clip.install;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream that brings nothing for too long; a read of the body has no time limit of its own. */
final class StallGuard implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "download-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long moved = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream body, Duration limit) {
        long step = Math.max(1, limit.toMillis() / 4);
        clock.scheduleAtFixedRate(
                () -> {
                    if (System.nanoTime() - moved > limit.toNanos()) {
                        stalled = true;
                        try {
                            body.close();
                        } catch (IOException e) {
                            // The reader is about to find out.
                        }
                    }
                },
                step,
                step,
                TimeUnit.MILLISECONDS);
    }

    void moved() {
        moved = System.nanoTime();
    }

    /** A stream that was closed may look as if it had ended. */
    void check() throws CutException {
        if (stalled) {
            throw new CutException("no byte came for a while", null);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
