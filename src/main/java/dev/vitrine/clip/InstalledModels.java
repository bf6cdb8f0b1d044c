package dev.vitrine.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of models ({@code models/}), one folder a model; finds the one that {@code VITRINE_MODEL} means. */
public final class InstalledModels {

    /** The model that {@code auto} prefers. */
    public static final String PREFERRED = "clip-vit-b32";

    private final Path folder;

    /** @param folder need not exist */
    public InstalledModels(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Where models are installed. */
    public Path folder() {
        return folder;
    }

    /** Names of the models that are installed, sorted. Folders that begin with a dot are downloads in progress. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    /** Whether a model of this name is installed. */
    public boolean has(String name) {
        return names().contains(name);
    }

    /**
     * Finds the model for a value of {@code VITRINE_MODEL}.
     *
     * <p>{@code auto} is {@value #PREFERRED} where it is installed and the bundled demo model otherwise. Anything else is
     * the name of an installed model, or a folder, or an {@code .onnx} file.
     *
     * @throws ModelException where nothing fits, or what fits is incomplete: a broken preferred model is an error, never
     *     a silent fall-back to the demo model
     */
    public ModelFolder resolve(String setting) {
        if (setting.equals("auto")) {
            if (has(PREFERRED)) {
                return open(PREFERRED);
            }
            if (has(ModelFolder.DEMO)) {
                return open(ModelFolder.DEMO);
            }
            throw new ModelException("No model in " + folder + ": run './vitrine model install " + PREFERRED + "'");
        }
        if (has(setting)) {
            return open(setting);
        }
        Path path = Path.of(setting);
        if (Files.exists(path)) {
            return ModelFolder.open(path);
        }
        throw new ModelException("There is no model '" + setting + "': it is neither installed in " + folder + " ("
                + (names().isEmpty() ? "empty" : String.join(", ", names()))
                + ") nor a folder or .onnx file; './vitrine model list' shows what can be installed");
    }

    private ModelFolder open(String name) {
        return ModelFolder.open(folder.resolve(name));
    }
}
