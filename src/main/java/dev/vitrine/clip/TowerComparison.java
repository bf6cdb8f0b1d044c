package dev.vitrine.clip;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** How like the vectors of two image towers are that should be nearly the same, on the same pictures. */
public final class TowerComparison {
    private static final int NEIGHBOURS = 10;
    private static final int BATCH = 8;

    /**
     * What was found.
     *
     * @param pictures how many were compared
     * @param leastCosine cosine similarity of a picture's two vectors, the least of all pictures
     * @param meanCosine the mean of all
     * @param overlap of the ten pictures nearest to each, how many are the same, as a part of 1; NaN for fewer than 20
     *     pictures
     * @param batchDifference how much at most a number of the second tower's unit vectors depends on who shares a batch
     * @param firstMillis of one thread a picture with the first tower
     * @param secondMillis with the second
     */
    public record Likeness(
            int pictures,
            double leastCosine,
            double meanCosine,
            double overlap,
            double batchDifference,
            double firstMillis,
            double secondMillis) {}

    /** A tower's vectors, and what one took. */
    private record Run(List<float[]> vectors, double millis) {}

    private TowerComparison() {}

    /**
     * Runs both towers.
     *
     * @param side of the pictures where a model leaves it open
     * @param pictures each 3·S·S floats as the models want them
     * @throws ModelException where a tower cannot be run, or gives no usable vector for a picture
     */
    public static Likeness of(ModelFolder first, ModelFolder second, int side, List<FloatBuffer> pictures, Path cache) {
        new UnpackedLibrary(cache).use();
        Run exact = run(first, side, pictures, BATCH);
        Run together = run(second, side, pictures, BATCH);
        Run alone = run(second, side, pictures, 1);
        double least = 1;
        double sum = 0;
        double difference = 0;
        for (int i = 0; i < pictures.size(); i++) {
            double cosine = dot(exact.vectors.get(i), together.vectors.get(i));
            least = Math.min(least, cosine);
            sum += cosine;
            difference = Math.max(difference, largest(together.vectors.get(i), alone.vectors.get(i)));
        }
        return new Likeness(
                pictures.size(),
                least,
                sum / pictures.size(),
                overlap(exact.vectors, together.vectors),
                difference,
                exact.millis,
                together.millis);
    }

    private static Run run(ModelFolder folder, int side, List<FloatBuffer> pictures, int most) {
        try (OnnxModel model = OnnxModel.open(folder.imageTower(), Device.CPU)) {
            OnnxImageTower tower = new OnnxImageTower(model, side);
            int batch = tower.fixedBatch().orElse(most);
            FloatBuffer pixels = TowerTrial.allocate(batch, tower.side());
            TowerTrial.warmUp(tower, pixels.put(TowerTrial.testPicture(tower.side(), 0)), 1, folder);
            List<float[]> vectors = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < pictures.size(); i += batch) {
                List<FloatBuffer> some = pictures.subList(i, Math.min(pictures.size(), i + batch));
                pixels.clear();
                some.forEach(picture -> pixels.put(picture.duplicate()));
                vectors.addAll(List.of(tower.run(pixels, some.size())));
            }
            double millis = (System.nanoTime() - start) / 1e6 / pictures.size();
            for (float[] vector : vectors) {
                if (!UnitLength.scale(vector)) {
                    throw new ModelException(folder.imageTower() + " gives no usable vector for a picture");
                }
            }
            return new Run(vectors, millis);
        } catch (OrtException e) {
            throw new ModelException(folder.imageTower() + " cannot be run: " + e.getMessage(), e);
        }
    }

    private static double overlap(List<float[]> a, List<float[]> b) {
        if (a.size() < 2 * NEIGHBOURS) {
            return Double.NaN;
        }
        int same = 0;
        for (int i = 0; i < a.size(); i++) {
            Set<Integer> nearest = new HashSet<>(nearest(a, i));
            nearest.retainAll(nearest(b, i));
            same += nearest.size();
        }
        return (double) same / (a.size() * NEIGHBOURS);
    }

    private static List<Integer> nearest(List<float[]> vectors, int of) {
        return IntStream.range(0, vectors.size())
                .filter(i -> i != of)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -dot(vectors.get(of), vectors.get(i))))
                .limit(NEIGHBOURS)
                .toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double largest(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
