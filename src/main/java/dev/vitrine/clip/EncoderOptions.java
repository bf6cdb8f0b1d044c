package dev.vitrine.clip;

import java.time.Duration;

/**
 * How a model is run.
 *
 * @param workers how many batches are computed at the same time, one thread each ({@code VITRINE_WORKERS})
 * @param maxBatch how many pictures one run takes at most
 * @param device where the model runs ({@code VITRINE_DEVICE})
 * @param deadline how long a caller waits for its vector, queueing included
 */
public record EncoderOptions(int workers, int maxBatch, Device device, Duration deadline) {

    public EncoderOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("VITRINE_WORKERS is " + workers + "; use 1 or more");
        }
        if (maxBatch < 1) {
            throw new IllegalArgumentException("the largest batch is " + maxBatch + "; use 1 or more");
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("the encoder's deadline is " + deadline + "; use more than zero");
        }
    }

    /** One worker a core, batches of at most 8, on the CPU, 60 s. */
    public static EncoderOptions defaults() {
        return new EncoderOptions(Runtime.getRuntime().availableProcessors(), 8, Device.CPU, Duration.ofSeconds(60));
    }
}
