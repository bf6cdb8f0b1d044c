package dev.vitrine.bench;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A model with the cost of CLIP ViT-B/32's image tower, in time and in memory, and vectors that mean nothing. */
final class CostModel {
    private static final String FORMULAS = "vit-b32-cost.onnx";
    private static final String WEIGHTS = "vit-b32-cost-weights.onnx";

    private CostModel() {}

    /**
     * Writes the model, 351 MB, unless it is there from an earlier run. The file in the jar holds formulas in place of
     * weights; ONNX Runtime works them out here, once, as it would keep a gigabyte of working memory in every service that
     * did so itself.
     */
    static Path in(Path folder) throws IOException, OrtException {
        Path model = folder.resolve(WEIGHTS);
        if (Files.exists(model)) {
            return model;
        }
        Path formulas = Files.createTempFile(folder, "formulas-", ".onnx");
        Path unfinished = Files.createTempFile(folder, "weights-", ".onnx");
        try (InputStream in = CostModel.class.getResourceAsStream(FORMULAS);
                SessionOptions options = new SessionOptions()) {
            Files.copy(in, formulas, StandardCopyOption.REPLACE_EXISTING);
            options.setOptimizationLevel(OptLevel.BASIC_OPT); // works out constants; no more is tied to a processor
            options.setOptimizedModelFilePath(unfinished.toString());
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL)
                    .createSession(formulas.toString(), options)
                    .close();
            return Files.move(unfinished, model, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(formulas);
            Files.deleteIfExists(unfinished);
        }
    }
}
