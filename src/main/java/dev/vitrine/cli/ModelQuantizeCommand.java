package dev.vitrine.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.TowerComparison;
import dev.vitrine.clip.TowerComparison.Likeness;
import dev.vitrine.clip.quantize.ModelQuantizer;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.Preprocessing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model quantize NAME}: an int8 copy of a model, checked against the model itself. */
@Command(
        name = "quantize",
        description = "Make an int8 copy of a model, NAME-int8, and compare its vectors with the model's own.",
        mixinStandardHelpOptions = true)
public final class ModelQuantizeCommand implements Callable<Integer> {
    private static final String SUFFIX = "-int8";
    private static final String CARD = "int8.json";
    private static final int FEWEST = 20;
    private static final long MOST_PIXELS = 50_000_000;

    /** More than that is no longer the same vector. */
    private static final double MOST_BATCH_DIFFERENCE = 1e-5;

    @Parameters(paramLabel = "NAME", description = "A model's name, folder or .onnx file.")
    private String name;

    @Option(
            names = "--pictures",
            paramLabel = "DIR",
            description = "Pictures to compare with. Otherwise those of VITRINE_ARCHIVE, else the ones that wait in the"
                    + " data folder, else the samples.")
    private Path pictures;

    @Option(
            names = "--count",
            defaultValue = "200",
            description = "How many pictures to compare with at most; ${DEFAULT-VALUE} unless said otherwise.")
    private int count;

    @Option(names = "--replace", description = "Replace an int8 copy that is there.")
    private boolean replace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ModelHome home = new ModelHome();
        Path unfinished = null;
        try {
            ModelFolder source = home.installed().resolve(name);
            Path target = home.installed().folder().resolve(source.name() + SUFFIX);
            if (Files.exists(target) && !replace) {
                throw new ModelException(target + " is there already; give --replace to make it anew");
            }
            Files.createDirectories(home.installed().folder());
            unfinished = Files.createTempDirectory(home.installed().folder(), "." + source.name() + SUFFIX + "-");
            Path folder = unfinished.resolve(source.name() + SUFFIX);
            Files.createDirectory(folder);
            int products = ModelQuantizer.quantize(source, folder);
            out.printf(
                    Locale.ROOT,
                    "%d products are int8 now: %,d MB instead of %,d%n",
                    products,
                    megabytes(ModelFolder.open(folder)),
                    megabytes(source));
            out.flush();
            Likeness likeness = compare(source, ModelFolder.open(folder), home, out);
            print(likeness, out);
            if (!(likeness.batchDifference() <= MOST_BATCH_DIFFERENCE)) {
                throw new ModelException("Pictures of one batch change each other's vectors by "
                        + likeness.batchDifference() + ", so the copy is not kept");
            }
            writeCard(folder, source, products, likeness);
            if (Files.exists(target)) {
                delete(target);
            }
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            out.println("VITRINE_MODEL=" + target.getFileName()
                    + " uses it. Its vectors are another model's: index anew, in a collection of its own");
            return 0;
        } catch (ModelException | IllegalArgumentException e) {
            err.println(e.getMessage());
        } catch (IOException e) {
            err.println("The copy cannot be made: " + e);
        } finally {
            deleteQuietly(unfinished, err);
            out.flush();
            err.flush();
        }
        return 1;
    }

    private Likeness compare(ModelFolder source, ModelFolder copy, ModelHome home, PrintWriter out)
            throws IOException, InterruptedException {
        Preprocessing preprocessing = source.preprocessor().isPresent()
                ? Preprocessing.read(source.preprocessor().get())
                : Preprocessing.clip();
        Path folder = pictures != null ? pictures : home.pictures(System.getenv());
        if (!Files.isDirectory(folder)) {
            throw new ModelException("--pictures " + folder + " is no folder");
        }
        PicturePreparer preparer =
                new PicturePreparer(preprocessing, MOST_PIXELS, PicturePreparer.pixelsThatFit(), true, true);
        List<FloatBuffer> sample = new PictureSample(preparer).of(folder, count);
        if (sample.size() < FEWEST) {
            throw new ModelException("There are only " + sample.size() + " pictures in " + folder
                    + ", too few to compare; give --pictures with " + FEWEST + " or more");
        }
        out.println("Comparing on " + sample.size() + " pictures of " + folder + " ...");
        out.flush();
        return TowerComparison.of(source, copy, preprocessing.crop().width(), sample, home.cache(System.getenv()));
    }

    private static void print(Likeness likeness, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "cosine to the model's own vectors: %.4f at least, %.4f in the mean%n"
                        + "of the ten nearest pictures the same: %.1f %%%n"
                        + "a picture's vector alone and in a batch: %.1g apart at most%n"
                        + "one thread: %.1f ms a picture instead of %.1f, %.2f times as fast%n",
                likeness.leastCosine(),
                likeness.meanCosine(),
                100 * likeness.overlap(),
                likeness.batchDifference(),
                likeness.secondMillis(),
                likeness.firstMillis(),
                likeness.firstMillis() / likeness.secondMillis());
    }

    private static void writeCard(Path folder, ModelFolder source, int products, Likeness likeness) throws IOException {
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("made_from", source.name());
        card.put("products_in_int8", products);
        card.put("pictures", likeness.pictures());
        card.put("least_cosine", likeness.leastCosine());
        card.put("mean_cosine", likeness.meanCosine());
        card.put("overlap_of_ten_nearest", likeness.overlap());
        card.put("batch_difference", likeness.batchDifference());
        card.put("ms_a_picture", likeness.secondMillis());
        card.put("ms_a_picture_before", likeness.firstMillis());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve(CARD).toFile(), card);
    }

    private static long megabytes(ModelFolder model) throws IOException {
        long bytes = 0;
        for (Path file : model.imageTowerFiles()) {
            bytes += Files.size(file);
        }
        return bytes / 1_000_000;
    }

    private static void deleteQuietly(Path folder, PrintWriter err) {
        try {
            if (folder != null) {
                delete(folder);
            }
        } catch (IOException e) {
            err.println(folder + " cannot be removed; remove it by hand: " + e.getMessage());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
