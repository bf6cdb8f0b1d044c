package dev.vitrine.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a model on disk, in the layout of Hugging Face's ONNX exports:
 *
 * <pre>
 * onnx/vision_model.onnx      the image tower, or onnx/vision_model_quantized.onnx
 * onnx/text_model.onnx        the text tower, optional, or onnx/text_model_quantized.onnx
 * tokenizer.json              needed with a text tower
 * config.json                 optional
 * preprocessor_config.json    optional; CLIP's values otherwise
 * </pre>
 *
 * A single {@code .onnx} file stands for an image tower alone.
 *
 * @param name for people: the folder's name, or the file's without its ending
 * @param imageTower the ONNX file that turns pixels into vectors
 * @param textTower the ONNX file that turns token ids into vectors
 * @param tokenizer present wherever the text tower is
 * @param config the model's {@code config.json}
 * @param preprocessor the model's {@code preprocessor_config.json}
 */
public record ModelFolder(
        String name,
        Path imageTower,
        Optional<Path> textTower,
        Optional<Path> tokenizer,
        Optional<Path> config,
        Optional<Path> preprocessor) {

    /** The name of the bundled model, which is there for demonstrations only. */
    public static final String DEMO = "vitrine-mini";

    private static final String ONNX = ".onnx";

    /**
     * Finds a model's files.
     *
     * @param path a folder or an {@code .onnx} file
     * @throws ModelException naming the file that is missing
     */
    public static ModelFolder open(Path path) {
        Path model = path.toAbsolutePath().normalize();
        String name = String.valueOf(model.getFileName());
        if (Files.isRegularFile(model) && name.endsWith(ONNX)) {
            String stem = name.substring(0, name.length() - ONNX.length());
            return new ModelFolder(stem, model, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        if (!Files.isDirectory(model)) {
            throw new ModelException("No model at " + model + ": give a folder in the Hugging Face layout,"
                    + " or the .onnx file of an image tower");
        }
        Path imageTower = tower(model, "vision_model")
                .orElseThrow(() -> new ModelException(model + " has no onnx/vision_model.onnx (nor"
                        + " onnx/vision_model_quantized.onnx); copy the model's image tower there,"
                        + " or give the .onnx file itself"));
        Optional<Path> textTower = tower(model, "text_model");
        Optional<Path> tokenizer = file(model, "tokenizer.json");
        if (textTower.isPresent() && tokenizer.isEmpty()) {
            throw new ModelException(model + " has a text tower but no tokenizer.json; copy it from the model's"
                    + " repository, or remove " + textTower.get() + " to search by picture only");
        }
        return new ModelFolder(
                name,
                imageTower,
                textTower,
                tokenizer,
                file(model, "config.json"),
                file(model, "preprocessor_config.json"));
    }

    /** Whether this is the bundled model, whose results show how Vitrine works but not how well it can find. */
    public boolean isDemo() {
        return name.equals(DEMO);
    }

    /**
     * The image tower's ONNX file, then the files beside it that hold weights too large for it
     * ({@code NAME.onnx_data}, {@code NAME.onnx.data}), sorted by name.
     */
    public List<Path> imageTowerFiles() {
        return withWeights(imageTower);
    }

    /** The text tower's files in the same order; none where there is no text tower. */
    public List<Path> textTowerFiles() {
        return textTower.map(ModelFolder::withWeights).orElse(List.of());
    }

    private static List<Path> withWeights(Path tower) {
        String graph = tower.getFileName().toString();
        try (Stream<Path> siblings = Files.list(tower.getParent())) {
            Stream<Path> weights = siblings.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(graph + "_data") || name.startsWith(graph + ".data");
                    })
                    .sorted();
            return Stream.concat(Stream.of(tower), weights).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + tower.getParent(), e);
        }
    }

    private static Optional<Path> tower(Path folder, String name) {
        return file(folder, "onnx/" + name + ONNX).or(() -> file(folder, "onnx/" + name + "_quantized" + ONNX));
    }

    private static Optional<Path> file(Path folder, String name) {
        return Optional.of(folder.resolve(name)).filter(Files::isRegularFile);
    }
}
