package dev.vitrine.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.image.Preprocessing;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The ceiling: decode, preprocess and encode, and nothing else, one thread a core on one session. No queue, no HTTP, no
 * index, no thread that waits for another.
 */
final class BareLoop implements AutoCloseable {

    /**
     * What the loop did.
     *
     * @param perSecond pictures a second
     * @param cpuMillis processor time of a picture, in ms
     */
    record Rate(double perSecond, double cpuMillis) {}

    private static final int FLOATS = 3 * 224 * 224;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final PicturePreparer preparer;
    private final List<Path> pictures;
    private final int threads;
    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

    /**
     * @param model an image tower of 224 × 224 pixels
     * @param pictures files, encoded over and over
     */
    BareLoop(Path model, List<Path> pictures, int threads) throws OrtException {
        this.environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        this.preparer = new PicturePreparer(
                Preprocessing.clip(), Integer.MAX_VALUE, PicturePreparer.pixelsThatFit(), true, true);
        this.pictures = pictures;
        this.threads = threads;
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            this.session = environment.createSession(model.toString(), options);
        }
    }

    /** Runs for about so long at a batch size. */
    Rate run(int batch, Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<double[]>> loops = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int first = i * pictures.size() / threads;
                loops.add(() -> loop(first, batch, end));
            }
            double perSecond = 0;
            double cpuMillis = 0;
            for (Future<double[]> loop : pool.invokeAll(loops)) {
                perSecond += loop.get()[0];
                cpuMillis += loop.get()[1] / threads;
            }
            return new Rate(perSecond, cpuMillis);
        } catch (ExecutionException e) {
            throw new BenchException("The bare loop failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** One thread's pictures a second, and its processor time for one, in ms. */
    private double[] loop(int first, int batch, long end) throws Exception {
        FloatBuffer tensor = ByteBuffer.allocateDirect(batch * FLOATS * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        String input = session.getInputNames().iterator().next();
        long start = System.nanoTime();
        long cpu = clock.getCurrentThreadCpuTime();
        int next = first;
        do {
            tensor.clear();
            for (int i = 0; i < batch; i++) {
                try (PreparedPicture picture = preparer.prepare(pictures.get(next++ % pictures.size()))) {
                    tensor.put(picture.tensor());
                }
            }
            try (OnnxTensor pixels =
                            OnnxTensor.createTensor(environment, tensor.flip(), new long[] {batch, 3, 224, 224});
                    Result result = session.run(Map.of(input, pixels))) {
                result.get(0);
            }
        } while (System.nanoTime() < end);
        int done = next - first;
        return new double[] {
            done / ((System.nanoTime() - start) / 1e9), (clock.getCurrentThreadCpuTime() - cpu) / 1e6 / done
        };
    }

    /** Processor time of decoding and preparing one picture, in ms, by one thread that does nothing else for so long. */
    double prepare(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        long cpu = clock.getCurrentThreadCpuTime();
        int done = 0;
        do {
            try (PreparedPicture picture = preparer.prepare(pictures.get(done++ % pictures.size()))) {
                picture.tensor();
            } catch (Exception e) {
                throw new BenchException("A picture of the benchmark cannot be prepared: " + e.getMessage(), e);
            }
        } while (System.nanoTime() < end);
        return (clock.getCurrentThreadCpuTime() - cpu) / 1e6 / done;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
