package dev.vitrine.clip;

import dev.vitrine.batch.Batcher;
import dev.vitrine.batch.Batcher.Outcome;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.watchdog.StuckException;
import dev.vitrine.watchdog.Watchdog;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns prepared pictures into unit vectors. Calls from many threads share batches: a lone picture waits for nobody,
 * and under load batches fill by themselves. A picture's vector does not depend on who shares its batch.
 *
 * <p>A picture on which the model fails or does not come to an end fails alone: its batch is run again one by one, and
 * the picture is at fault when the model fails on it twice and works on a test picture in between.
 */
public final class ImageEncoder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImageEncoder.class);

    /** How many times longer than usual a run of the largest batch may compute before it is given up, and at least. */
    private static final int RUN_PATIENCE = 10;

    private static final Duration LEAST_RUN_DEADLINE = Duration.ofSeconds(5);

    private final ImageTower tower;
    private final int side;
    private final int dimensions;
    private final Duration deadline;
    private final Watchdog runs;
    private final Batcher<FloatBuffer, float[]> batcher;
    private final AtomicLongArray batches;
    private final LongAdder busyNanos = new LongAdder();
    private final int workers;
    private final FloatBuffer probe;
    private final EncoderCheck check;
    private volatile boolean closing;

    /**
     * Starts the workers.
     *
     * @param rows for how many pictures a worker's buffer has room: the largest batch, or what the model fixes
     * @param maxBatch how many pictures share a run
     * @param deadline how long a caller waits
     * @param runDeadline processor time of a run
     */
    ImageEncoder(
            ImageTower tower,
            int side,
            int dimensions,
            int rows,
            int maxBatch,
            int workers,
            Duration deadline,
            Duration runDeadline) {
        this.tower = tower;
        this.side = side;
        this.dimensions = dimensions;
        this.deadline = deadline;
        this.probe = TowerTrial.testPicture(side, 0);
        this.workers = workers;
        this.runs = new Watchdog("encoder-run", runDeadline, Watchdog.mostStuckHere(), Thread.MIN_PRIORITY);
        this.batches = new AtomicLongArray(maxBatch);
        this.batcher = new Batcher<>(
                "encoder",
                maxBatch,
                Duration.ZERO,
                Thread.MIN_PRIORITY, // uploads are answered while every processor encodes
                Stream.generate(() -> new Worker(rows)).limit(workers).toList());
        this.check = new EncoderCheck(batcher, probe, deadline);
    }

    /**
     * Loads an image tower and runs it once on pictures of its own, which warms it up, tells its dimensions, and shows
     * whether pictures in one batch leave each other alone. Where they don't, as with dynamically quantised models, whose
     * scales cover the whole batch, every picture gets a run of its own.
     *
     * @param usualSide the picture's side in pixels where the model itself leaves it open
     * @throws ModelException where the model cannot be run or gives no usable vector
     */
    static ImageEncoder open(ModelFolder folder, int usualSide, EncoderOptions options) {
        return open(folder, usualSide, options, LEAST_RUN_DEADLINE);
    }

    static ImageEncoder open(ModelFolder folder, int usualSide, EncoderOptions options, Duration leastRunDeadline) {
        OnnxModel model = OnnxModel.open(folder.imageTower(), options.device());
        try {
            OnnxImageTower tower = new OnnxImageTower(model, usualSide);
            int rows = tower.fixedBatch().orElse(options.maxBatch());
            int maxBatch = Math.min(rows, options.maxBatch());
            FloatBuffer pixels = TowerTrial.allocate(Math.max(2, rows), tower.side());
            pixels.put(TowerTrial.testPicture(tower.side(), 0)).put(TowerTrial.testPicture(tower.side(), 1));
            float[] alone = TowerTrial.warmUp(tower, pixels, 1, folder);
            long start = System.nanoTime();
            if (maxBatch > 1 && TowerTrial.differ(alone, TowerTrial.warmUp(tower, pixels, 2, folder))) {
                LOG.info(
                        "{}: pictures in one batch change each other's vectors, so each gets its own run",
                        folder.name());
                maxBatch = 1;
            }
            Duration usual = Duration.ofNanos(System.nanoTime() - start).multipliedBy(rows);
            return new ImageEncoder(
                    tower,
                    tower.side(),
                    alone.length,
                    rows,
                    maxBatch,
                    options.workers(),
                    options.deadline(),
                    longer(leastRunDeadline, usual.multipliedBy(RUN_PATIENCE)));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** Length of a vector. */
    public int dimensions() {
        return dimensions;
    }

    /** Width and height, in pixels, of the pictures it takes. */
    public int inputSide() {
        return side;
    }

    /** How many pictures wait for a worker. */
    public int waiting() {
        return batcher.waiting();
    }

    /** How many pictures share a run of the model at most. */
    public int maxBatch() {
        return batches.length();
    }

    /** How many runs of the model had this many pictures, 1 to {@link #maxBatch()}, since the encoder was opened. */
    public long batches(int size) {
        return batches.get(size - 1);
    }

    /** How many runs of the model there are at a time. */
    public int workers() {
        return workers;
    }

    /** How long the model has run since the encoder was opened, of all workers together. */
    public double busySeconds() {
        return busyNanos.sum() / 1e9;
    }

    /**
     * Computes a picture's vector.
     *
     * @param tensor 3·S·S floats from the buffer's position: channels R, G, B, each row-major, normalised as the model
     *     wants them. The buffer's position stays as it is. Its content must stay until this method returns; after a
     *     time-out drop the buffer rather than use it again.
     * @return a vector of length 1
     * @throws UnusablePictureException when the model gives no usable vector for this picture
     * @throws EncodeTimeoutException when no vector came before the deadline
     * @throws EncodingException when the model could not be run
     * @throws Batcher.ClosedException when the encoder is closed
     * @throws InterruptedException when the calling thread is interrupted
     */
    public float[] embed(FloatBuffer tensor) throws InterruptedException {
        if (tensor.remaining() != 3 * side * side) {
            throw new IllegalArgumentException(
                    "a picture has 3 x " + side + " x " + side + " floats here, not " + tensor.remaining());
        }
        check.begun();
        try {
            float[] vector = batcher.call(tensor, deadline.toMillis(), TimeUnit.MILLISECONDS);
            check.worked();
            return vector;
        } catch (UnusablePictureException e) {
            check.worked();
            throw e;
        } catch (TimeoutException e) {
            check.late();
            throw late(deadline, e);
        } finally {
            check.ended();
        }
    }

    /**
     * Whether it works: seen from the vectors of the last seconds, or, where it is idle, from that of a test picture. At
     * most one such run is under way: while an earlier one hangs, further checks wait for that one.
     *
     * @param limit for the test picture
     * @throws EncodeTimeoutException when there is no vector, though there should be one
     * @throws EncodingException when the model could not be run
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void check(Duration limit) throws InterruptedException {
        check.run(limit);
    }

    /** How many runs were given up and still go on, each on a thread of its own. */
    public int stuck() {
        return runs.stuck();
    }

    /** @throws StuckException while too many runs go on that were given up for another to begin */
    public void checkStuck() {
        runs.check();
    }

    /** Lets the batches in hand finish unless they take too long, fails what still waits, and frees the model. */
    @Override
    public void close() {
        closing = true;
        runs.close();
        batcher.close();
        if (runs.stuck() > 0) {
            LOG.warn("{} runs of the model do not end; its memory is free only after the process", runs.stuck());
            return;
        }
        if (tower instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("Closing the image tower failed", e);
            }
        }
    }

    private EncodeTimeoutException late(Duration deadline, TimeoutException cause) {
        return new EncodeTimeoutException(
                "No vector within " + deadline.toMillis() + " ms; " + waiting()
                        + " pictures wait. More workers (VITRINE_WORKERS) or fewer pictures at a time help",
                cause);
    }

    private static EncodingException failed(Throwable cause) {
        return new EncodingException("The model could not be run: " + cause.getMessage(), cause);
    }

    /** Runs batches one after the other, with a buffer of its own. */
    private final class Worker implements Batcher.Handler<FloatBuffer, float[]> {
        private final int rows;
        private FloatBuffer pixels;

        Worker(int rows) {
            this.rows = rows;
            this.pixels = TowerTrial.allocate(rows, side);
        }

        @Override
        public List<Outcome<float[]>> handle(List<FloatBuffer> pictures) {
            try {
                return outcomes(pictures);
            } catch (Throwable e) { // an OutOfMemoryError too: the next picture, or fewer at once, may fit
                if (closing) {
                    return Collections.nCopies(pictures.size(), Outcome.failed(failed(e)));
                }
                if (pictures.size() == 1) {
                    return List.of(judge(pictures.get(0), e));
                }
                LOG.warn("A batch of {} failed, so each is tried alone", pictures.size(), e);
                return pictures.stream().map(this::alone).toList();
            }
        }

        private Outcome<float[]> alone(FloatBuffer picture) {
            try {
                return outcomes(List.of(picture)).get(0);
            } catch (Throwable e) {
                return judge(picture, e);
            }
        }

        /** After the model has failed on one picture: finds out whose fault that is, and tries again if it is worth it. */
        private Outcome<float[]> judge(FloatBuffer picture, Throwable failure) {
            try {
                run(List.of(probe));
            } catch (Throwable e) {
                return Outcome.failed(failed(failure));
            }
            if (failure instanceof StuckException) {
                return Outcome.failed(unusable("The model comes to no end on this picture", failure));
            }
            try {
                return outcomes(List.of(picture)).get(0);
            } catch (Throwable e) {
                return Outcome.failed(unusable("The model fails on this picture and not on others", e));
            }
        }

        private List<Outcome<float[]>> outcomes(List<FloatBuffer> pictures) throws Exception {
            List<Outcome<float[]>> outcomes = new ArrayList<>(pictures.size());
            for (float[] vector : run(pictures)) {
                outcomes.add(
                        UnitLength.scale(vector)
                                ? Outcome.of(vector)
                                : Outcome.failed(unusable("The model gives no usable vector for this picture", null)));
            }
            return outcomes;
        }

        private float[][] run(List<FloatBuffer> pictures) throws Exception {
            batches.incrementAndGet(pictures.size() - 1);
            FloatBuffer batch = pixels.clear();
            pictures.forEach(picture -> batch.put(picture.duplicate()));
            long start = System.nanoTime();
            try {
                return runs.call(() -> tower.run(batch, pictures.size()), tower::terminate);
            } catch (StuckException e) {
                pixels = TowerTrial.allocate(rows, side); // the run may still read the other one
                throw e;
            } finally {
                busyNanos.add(System.nanoTime() - start);
            }
        }

        private static UnusablePictureException unusable(String what, Throwable cause) {
            return new UnusablePictureException(Reason.UNEMBEDDABLE, what + "; send another one", cause);
        }
    }
}
