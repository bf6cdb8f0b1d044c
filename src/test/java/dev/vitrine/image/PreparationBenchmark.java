package dev.vitrine.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Times the preparation of picture files on one thread; each for about a second after as long a warm-up.
 *
 * <p>docs/preprocessing.md has the command.
 */
final class PreparationBenchmark {

    private PreparationBenchmark() {}

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    public static void main(String[] files) throws Exception {
        PicturePreparer preparer = new PicturePreparer(Preprocessing.clip(), 200_000_000, 200_000_000, true, false);
        PictureDecoder decoder = new PictureDecoder(new PictureInspector(200_000_000), true);
        System.out.printf("%-28s %10s %12s %12s%n", "picture", "MB", "decode ms", "prepare ms");
        for (String name : files) {
            Path file = Path.of(name);
            System.out.printf(
                    "%-28s %10.2f %12.2f %12.2f%n",
                    file.getFileName(),
                    Files.size(file) / 1e6,
                    milliseconds(() -> decoder.decode(file)),
                    milliseconds(() -> preparer.prepare(file).close()));
        }
    }

    private static double milliseconds(Step step) throws IOException, InterruptedException {
        double mean = 0;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            int runs = 0;
            do {
                step.run();
                runs++;
            } while (System.nanoTime() - start < 1_000_000_000L);
            mean = (System.nanoTime() - start) / 1e6 / runs;
        }
        return mean;
    }
}
