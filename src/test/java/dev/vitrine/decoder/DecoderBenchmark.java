package dev.vitrine.decoder;

import dev.vitrine.image.LocalPixels;
import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.Transparency;
import dev.vitrine.testing.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a picture costs decoded in this process and in a child: milliseconds from asking to having the pixels on one
 * thread, pictures a second on two, and memory. The figures of docs/decisions/0002-decoder-process.md;
 * with {@code -Dthumbnails=true} small pictures are made besides.
 *
 * <pre>mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp.txt
 * java -XX:+UseSerialGC -cp target/test-classes:target/classes:$(cat target/cp.txt) dev.vitrine.decoder.DecoderBenchmark</pre>
 */
final class DecoderBenchmark {
    private static final long MAX_PIXELS = 60_000_000;
    private static final Preparation PREPARATION = new Preparation(
            Preprocessing.clip(), MAX_PIXELS, true, true, Transparency.IGNORE, Boolean.getBoolean("thumbnails"));
    private static final int WARM_UPS = 30;
    private static final long ENOUGH_NANOS = Duration.ofSeconds(3).toNanos();

    private static final Duration LONG = Duration.ofMinutes(5);

    private DecoderBenchmark() {}

    /** @param files pictures of your own; where there are none, those of the decision */
    public static void main(String[] files) throws Exception {
        Path folder = Files.createTempDirectory("pictures");
        Map<String, Path> pictures = new LinkedHashMap<>();
        if (files.length == 0) {
            made().forEach((name, bytes) -> pictures.put(name, write(folder.resolve(name.replace(' ', '-')), bytes)));
            Path golden = Path.of("src/test/resources/golden");
            pictures.put("WebP lossy 640x480", golden.resolve("lossy-640x480.webp"));
            pictures.put("WebP lossless", golden.resolve("lossless.webp"));
        }
        for (String file : files) {
            pictures.put(Path.of(file).getFileName().toString(), Path.of(file));
        }
        PixelSource here = new LocalPixels(new PictureShrinker(PREPARATION), MAX_PIXELS, Optional.empty());
        DecoderLaunch launch =
                new DecoderLaunch(PREPARATION, DecoderMain.class.getName(), DecoderPool.heapFor(MAX_PIXELS));
        long start = System.nanoTime();
        DecoderProcess first = DecoderProcess.start(launch, LONG);
        System.out.printf(
                "a child is ready after %.0f ms and %d ms of processor time, and holds %d MB%n",
                (System.nanoTime() - start) / 1e6,
                new ProcessUse(ProcessHandle.of(first.pid()).orElseThrow())
                        .processorTime()
                        .toMillis(),
                first.residentBytes() >> 20);
        first.close();
        System.out.println("| picture | KB | here, ms | in a child, ms | processor ms of a child's first"
                + " | /s by two here | /s by two children | a child holds, MB |");
        for (Map.Entry<String, Path> picture : pictures.entrySet()) {
            Path file = picture.getValue();
            PictureHeader header = new PictureInspector(MAX_PIXELS).inspect(file);
            long processorMillis = firstInAChild(launch, file);
            try (DecoderPool there = new DecoderPool(launch, new DecoderPool.Terms(LONG, LONG, false), 2, LONG)) {
                System.out.printf(
                        "| %s, %.1f MP | %d | %.1f | %.1f | %d | %.1f | %.1f | %d |%n",
                        picture.getKey(),
                        header.pixels() / 1e6,
                        Files.size(file) >> 10,
                        median(here, file, header),
                        median(there, file, header),
                        processorMillis,
                        rate(here, file, header),
                        rate(there, file, header),
                        there.largestBytes() >> 20);
            }
        }
    }

    private static long firstInAChild(DecoderLaunch launch, Path file) throws Exception {
        try (DecoderProcess fresh = DecoderProcess.start(launch, LONG)) {
            ProcessUse use = new ProcessUse(ProcessHandle.of(fresh.pid()).orElseThrow());
            Duration before = use.processorTime();
            fresh.decode(file, new DecoderProcess.Limits(LONG, LONG, Long.MAX_VALUE));
            return use.processorTime().minus(before).toMillis();
        }
    }

    private static Map<String, byte[]> made() {
        Map<String, byte[]> made = new LinkedHashMap<>();
        made.put("JPEG 640x480", Pictures.encode("jpg", 1, 640, 480));
        made.put("JPEG 12 MP", Pictures.encode("jpg", 1, 4_000, 3_000));
        made.put("JPEG progressive 640x480", Pictures.progressiveJpeg(1, 640, 480));
        made.put("JPEG progressive 12 MP", Pictures.progressiveJpeg(1, 4_000, 3_000));
        made.put("PNG 640x480", Pictures.encode("png", 1, 640, 480));
        made.put("PNG 12 MP", Pictures.encode("png", 1, 4_000, 3_000));
        made.put("GIF 640x480", Pictures.encode("gif", 1, 640, 480));
        made.put("BMP 640x480", Pictures.encode("bmp", 1, 640, 480));
        return made;
    }

    private static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double timed(PixelSource source, Path file, PictureHeader header) throws Exception {
        long start = System.nanoTime();
        source.shrink(file, header);
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(PixelSource source, Path file, PictureHeader header) throws Exception {
        long end = System.nanoTime() + ENOUGH_NANOS;
        List<Double> times = new ArrayList<>();
        while (times.size() < 2 * WARM_UPS && System.nanoTime() < end || times.size() < 5) {
            times.add(timed(source, file, header));
        }
        double[] late = times.stream()
                .skip(times.size() / 2)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return Arrays.stream(late).skip(late.length / 2).findFirst().orElseThrow();
    }

    private static double rate(PixelSource source, Path file, PictureHeader header) throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            long start = System.nanoTime();
            Callable<Integer> work = () -> {
                int count = 0;
                for (; System.nanoTime() - start < ENOUGH_NANOS; count++) {
                    source.shrink(file, header);
                }
                return count;
            };
            int count = 0;
            for (Future<Integer> done : two.invokeAll(List.of(work, work))) {
                count += done.get();
            }
            return count * 1e9 / (System.nanoTime() - start);
        } finally {
            two.shutdown();
        }
    }
}
