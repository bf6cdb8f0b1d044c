package dev.vitrine.clip;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** A model that is loaded and ready: the image encoder at once, the text encoder when it is first asked for. */
public final class ClipModel implements AutoCloseable {

    private static final int CLIP_SIDE = 224;

    private final ModelFolder folder;
    private final EncoderOptions options;
    private final String fingerprint;
    private final ImageEncoder images;
    private final Path cache;
    private TextEncoder texts;
    private boolean closed;

    private ClipModel(ModelFolder folder, EncoderOptions options, String fingerprint, ImageEncoder images, Path cache) {
        this.folder = folder;
        this.options = options;
        this.fingerprint = fingerprint;
        this.images = images;
        this.cache = cache;
    }

    /**
     * Loads a model.
     *
     * @param preprocessing the preprocessing settings in a canonical form, for the fingerprint
     * @param appliesExif whether pictures are turned as their EXIF orientation says, for the fingerprint
     * @param cache where hashes and native libraries are kept between starts; made when needed, and safe to delete
     * @throws ModelException where a file is missing or is not what it should be
     */
    public static ClipModel open(
            ModelFolder folder, EncoderOptions options, String preprocessing, boolean appliesExif, Path cache) {
        new UnpackedLibrary(cache).use();
        String fingerprint = Fingerprint.of(folder, preprocessing, appliesExif, new FileHashes(cache));
        return new ClipModel(
                folder, options, fingerprint, ImageEncoder.open(folder, usualSide(folder), options), cache);
    }

    /** The picture's side that the model's JSON files tell, else CLIP's. */
    private static int usualSide(ModelFolder folder) {
        try {
            if (folder.config().isPresent()) {
                JsonNode side = ModelJson.read(folder.config().get())
                        .path("vision_config")
                        .path("image_size");
                if (side.isInt()) {
                    return side.asInt();
                }
            }
            if (folder.preprocessor().isPresent()) {
                JsonNode crop = ModelJson.read(folder.preprocessor().get()).path("crop_size");
                JsonNode side = crop.isObject() ? crop.path("height") : crop;
                if (side.isInt()) {
                    return side.asInt();
                }
            }
            return CLIP_SIDE;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the settings of " + folder.name(), e);
        }
    }

    /** The model's name, for people. */
    public String name() {
        return folder.name();
    }

    /** What makes vectors comparable; see {@link Fingerprint}. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Length of a vector. */
    public int dimensions() {
        return images.dimensions();
    }

    /** Width and height, in pixels, of the pictures that the image encoder takes. */
    public int inputSide() {
        return images.inputSide();
    }

    /** Whether this is the bundled demo model. */
    public boolean isDemo() {
        return folder.isDemo();
    }

    /** The image encoder; closed with the model. */
    public ImageEncoder images() {
        return images;
    }

    /** Whether the model has a text tower; does not load it. */
    public boolean hasTexts() {
        return folder.textTower().isPresent();
    }

    /**
     * The text encoder where the model has one; closed with the model. The first call loads it, which takes a second or
     * so for CLIP.
     *
     * @throws ModelException where the text tower cannot be loaded or does not go with the image tower
     */
    public synchronized Optional<TextEncoder> texts() {
        if (closed) {
            throw new IllegalStateException(name() + " is closed");
        }
        if (texts == null && hasTexts()) {
            texts = openTexts();
        }
        return Optional.ofNullable(texts);
    }

    private TextEncoder openTexts() {
        TextEncoder encoder = TextEncoder.open(
                folder.textTower().orElseThrow(),
                folder.tokenizer().orElseThrow(),
                folder.config(),
                options.device(),
                cache);
        try {
            int length = encoder.embed("a picture").length;
            if (length != dimensions()) {
                throw new ModelException(folder.name() + " gives " + dimensions() + " numbers for a picture but "
                        + length + " for a text: its two towers belong to different models");
            }
            return encoder;
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    /** Lets the work in hand finish and frees the model. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (texts != null) {
                texts.close();
            }
        }
        images.close();
    }
}
