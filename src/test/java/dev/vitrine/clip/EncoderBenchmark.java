package dev.vitrine.clip;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures an image tower: pictures a second and resident memory, for a number of threads that share a number of
 * sessions. One process a measurement, or memory means nothing.
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/classes:target/test-classes:$(cat target/classpath) dev.vitrine.clip.EncoderBenchmark \
 *     MODEL.onnx SESSIONS THREADS BATCH PICTURES
 * </pre>
 */
public final class EncoderBenchmark {

    private EncoderBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int sessions = Integer.parseInt(arguments[1]);
        int threads = Integer.parseInt(arguments[2]);
        int batch = Integer.parseInt(arguments[3]);
        int pictures = Integer.parseInt(arguments[4]);

        long base = ProcessMemory.residentMegabytes();
        long opening = System.nanoTime();
        List<OnnxImageTower> towers = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            towers.add(new OnnxImageTower(OnnxModel.open(file, Device.CPU), 224));
        }
        long opened = System.nanoTime();
        long loaded = ProcessMemory.residentMegabytes();

        ExecutorService pool = Executors.newFixedThreadPool(threads);
        run(pool, towers, threads, batch, batch * threads);
        long computing = computed();
        long start = System.nanoTime();
        run(pool, towers, threads, batch, pictures);
        double seconds = (System.nanoTime() - start) / 1e9;
        double computed = (computed() - computing) / 1e6;
        pool.shutdown();
        System.out.printf(
                "sessions %d  threads %d  batch %d  %.1f pictures/s  %.0f ms/picture on a thread  %.0f ms/picture of CPU time  load %d ms"
                        + "  resident %d MB at first, %d loaded, %d after%n",
                sessions,
                threads,
                batch,
                pictures / seconds,
                seconds * 1000 * threads / pictures,
                computed / pictures,
                (opened - opening) / 1_000_000,
                base,
                loaded,
                ProcessMemory.residentMegabytes());
        towers.forEach(OnnxImageTower::close);
    }

    /** CPU time of this process in nanoseconds, which other processes on the machine disturb less than the clock. */
    private static long computed() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void run(ExecutorService pool, List<OnnxImageTower> towers, int threads, int batch, int pictures)
            throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            OnnxImageTower tower = towers.get(t % towers.size());
            FloatBuffer pixels = pixels(batch * 3 * tower.side() * tower.side());
            work.add(() -> {
                for (int done = 0; done < pictures / threads; done += batch) {
                    tower.run(pixels, batch);
                }
                return null;
            });
        }
        for (Future<Void> future : pool.invokeAll(work)) {
            future.get();
        }
    }

    private static FloatBuffer pixels(int count) {
        FloatBuffer pixels = ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int i = 0; i < count; i++) {
            pixels.put(i, (float) Math.sin(i));
        }
        return pixels;
    }
}
