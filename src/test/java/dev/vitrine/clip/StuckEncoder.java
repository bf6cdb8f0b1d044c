package dev.vitrine.clip;

import dev.vitrine.image.UnusablePictureException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** An encoder, with its meters, one of whose runs does not end until this is closed. */
public final class StuckEncoder implements AutoCloseable {
    private static final int SIDE = 1;

    private final AtomicBoolean going = new AtomicBoolean(true);
    private final ImageEncoder encoder;

    public StuckEncoder(MeterRegistry meters) throws InterruptedException {
        ImageTower tower = (pixels, count) -> {
            while (pixels.get(0) == 13 && going.get()) {
                Thread.onSpinWait();
            }
            return new float[][] {{1, 0}};
        };
        encoder = new ImageEncoder(tower, SIDE, 2, 1, 1, 1, Duration.ofSeconds(20), Duration.ofMillis(50));
        EncoderPart.measure(encoder, meters);
        try {
            encoder.embed(FloatBuffer.wrap(new float[] {13, 13, 13}));
        } catch (UnusablePictureException e) {
            // it never ends
        }
    }

    @Override
    public void close() {
        going.set(false);
        encoder.close();
    }
}
