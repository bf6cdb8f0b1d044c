package dev.vitrine.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import dev.vitrine.clip.LocalDjl;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Loads the image tower of a CLIP model into DJL's engine for ONNX Runtime. */
public final class DjlImageTower {

    private static final Map<String, String> ONE_THREAD_A_RUN =
            Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1", "executionMode", "SEQUENTIAL");

    private DjlImageTower() {}

    /**
     * Loads an image tower.
     *
     * @param folder a model folder as {@link ModelFolder} describes it, or the {@code .onnx} file of an image tower
     * @return to be closed; safe for many threads
     * @throws ModelException where a file is missing or cannot be loaded
     */
    public static Model load(String folder) {
        LocalDjl.stayOffline();
        ModelFolder files = ModelFolder.open(Path.of(folder));
        Path tower = files.imageTower();
        Model model = Model.newInstance(files.name(), Device.cpu(), "OnnxRuntime");
        try {
            model.load(tower.getParent(), tower.getFileName().toString(), ONE_THREAD_A_RUN);
            return model;
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw new ModelException(tower + " cannot be loaded over DJL: " + e.getMessage(), e);
        }
    }
}
