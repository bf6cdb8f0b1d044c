package dev.vitrine.clip;

import dev.vitrine.image.PictureSettings;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The model. Loading it is the slowest part of a start and needs none of the others, so it goes on beside them. */
public final class EncoderPart implements Part {
    private static final int BATCH = 8;
    private static final Duration ENCODE_DEADLINE = Duration.ofSeconds(60);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(10);

    private final ModelSettings settings;
    private final Path models;
    private final Path cache;
    private final PictureSettings pictures;
    private final MeterRegistry meters;
    private Preprocessing preprocessing;
    private CompletableFuture<ClipModel> loading;

    /**
     * @param models the folder of installed models
     * @param cache where hashes and native libraries are kept between starts
     * @param pictures how they are read, for the fingerprint
     */
    public EncoderPart(
            ModelSettings settings, Path models, Path cache, PictureSettings pictures, MeterRegistry meters) {
        this.settings = settings;
        this.models = models;
        this.cache = cache;
        this.pictures = pictures;
        this.meters = meters;
    }

    /** A model beside the one that the settings name, which is its user's to close. */
    public record Another(ClipModel model, Preprocessing preprocessing) {}

    @Override
    public void open() throws IOException {
        ModelFolder folder = chosen();
        Preprocessing read = preprocessing(folder);
        preprocessing = read;
        loading = CompletableFuture.supplyAsync(() -> measured(load(folder, read)));
    }

    /**
     * Loads another model, which takes seconds.
     *
     * @param name as {@code VITRINE_MODEL} has it
     * @throws ModelException where it cannot be loaded
     */
    public Another load(String name) {
        ModelFolder folder = new InstalledModels(models).resolve(name);
        try {
            Preprocessing read = preprocessing(folder);
            return new Another(load(folder, read), read);
        } catch (IOException e) {
            throw new ModelException("The model " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Preprocessing preprocessing(ModelFolder folder) throws IOException {
        return folder.preprocessor().isPresent()
                ? Preprocessing.read(folder.preprocessor().get())
                : Preprocessing.clip();
    }

    private ClipModel load(ModelFolder folder, Preprocessing read) {
        EncoderOptions options = new EncoderOptions(settings.workers(), BATCH, settings.device(), ENCODE_DEADLINE);
        return ClipModel.open(folder, options, pictures.canonical(read), pictures.applyExif(), cache);
    }

    /** Which model it is, as the settings name it. */
    public String setting() {
        return settings.model();
    }

    private ModelFolder chosen() {
        try {
            return new InstalledModels(models).resolve(settings.model());
        } catch (ModelException e) {
            throw new ModelException("VITRINE_MODEL: " + e.getMessage(), e);
        }
    }

    /**
     * The model; waits until it is loaded.
     *
     * @throws ModelException where it cannot be loaded
     */
    public ClipModel model() {
        try {
            return loading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** How pictures are made ready for the model; known before the model is loaded. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.model.name", loading == null ? settings.model() : model().name());
    }

    @Override
    public List<Probe> probes() {
        ImageEncoder encoder = model().images();
        return List.of(
                Probe.of("encoder", () -> encoder.check(PROBE_DEADLINE)),
                Probe.mendedByRestart("encoder-threads", encoder::checkStuck));
    }

    @Override
    public void close() {
        if (loading != null) {
            loading.handle((model, failure) -> {
                        if (model != null) {
                            model.close();
                        }
                        return null;
                    })
                    .join();
        }
    }

    private ClipModel measured(ClipModel model) {
        measure(model.images(), meters);
        return model;
    }

    static void measure(ImageEncoder encoder, MeterRegistry meters) {
        for (int i = 1; i <= encoder.maxBatch(); i++) {
            int size = i;
            FunctionCounter.builder("vitrine.encoder.batches", encoder, e -> e.batches(size))
                    .description("Runs of the model by how many pictures were in them")
                    .tag("size", Integer.toString(size))
                    .register(meters);
        }
        FunctionCounter.builder("vitrine.encoder.busy", encoder, ImageEncoder::busySeconds)
                .description("How long the model has run, of all workers together")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("vitrine.encoder.workers", encoder, ImageEncoder::workers)
                .description("How many runs of the model there are at a time")
                .register(meters);
        Gauge.builder("vitrine.encoder.waiting", encoder, ImageEncoder::waiting)
                .description("Pictures that wait for a run of the model")
                .register(meters);
        Gauge.builder("vitrine.stuck", encoder, ImageEncoder::stuck)
                .description("threads that do not end, each on a picture that was given up")
                .tag("part", "encoder")
                .register(meters);
    }
}
