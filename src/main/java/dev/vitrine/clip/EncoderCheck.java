package dev.vitrine.clip;

import dev.vitrine.batch.Batcher;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether an encoder works. One that has pictures to do shows it by doing them, so that a check never waits behind them;
 * an idle one is given a test picture.
 */
final class EncoderCheck {

    /** A vector that was computed so lately shows that the encoder works. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Batcher<FloatBuffer, float[]> batcher;
    private final FloatBuffer picture;
    private final Duration patience;
    private int inHand;
    private long busySince;
    private long workedAt;
    private boolean worked;
    private boolean late;
    private CompletableFuture<float[]> running;

    /**
     * @param picture the test picture
     * @param patience how long a busy encoder may take for its first or next vector
     */
    EncoderCheck(Batcher<FloatBuffer, float[]> batcher, FloatBuffer picture, Duration patience) {
        this.batcher = batcher;
        this.picture = picture;
        this.patience = patience;
    }

    /** A caller waits for a vector. */
    synchronized void begun() {
        if (inHand++ == 0 && !late) {
            busySince = System.nanoTime();
        }
    }

    /** The model has given a vector, or has been shown to work on others. */
    synchronized void worked() {
        workedAt = System.nanoTime();
        worked = true;
        late = false;
    }

    /** A caller has given up waiting for a vector. */
    synchronized void late() {
        late = true;
    }

    /** A caller waits no more. */
    synchronized void ended() {
        inHand--;
    }

    /**
     * Returns where the encoder works.
     *
     * @param deadline for the test picture
     * @throws EncodeTimeoutException when an idle encoder has no vector before the deadline, or a busy one none for longer
     *     than it should take
     * @throws EncodingException when the model could not be run
     */
    void run(Duration deadline) throws InterruptedException {
        if (isSeenToWork()) {
            return;
        }
        CompletableFuture<float[]> run;
        synchronized (this) {
            if (running == null || running.isDone()) {
                running = batcher.submit(picture);
            }
            run = running;
        }
        try {
            run.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (!isSeenToWork()) { // pictures may have come meanwhile
                throw new EncodeTimeoutException(
                        "No vector of a test picture within " + deadline.toMillis() + " ms", e);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new EncodingException(
                            "The model could not be run: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private synchronized boolean isSeenToWork() {
        long now = System.nanoTime();
        if (worked && now - workedAt < FRESH.toNanos()) {
            return true;
        }
        if (inHand == 0) {
            return false;
        }
        long without = worked ? Math.min(now - busySince, now - workedAt) : now - busySince;
        if (without < patience.toNanos()) {
            return true;
        }
        throw new EncodeTimeoutException(
                "No vector for " + TimeUnit.NANOSECONDS.toSeconds(without) + " s, though " + inHand + " pictures wait",
                null);
    }
}
