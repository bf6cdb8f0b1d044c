package dev.vitrine.clip;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** CLIP's image tower: float32 [N, 3, S, S] to float32 [N, dimensions]. */
final class OnnxImageTower implements ImageTower, AutoCloseable {

    private static final String PIXELS = "pixel_values";

    private final OnnxModel model;
    private final String input;
    private final String output;
    private final int side;
    private final Optional<Integer> fixedBatch;
    private final Map<Thread, RunOptions> running = new ConcurrentHashMap<>();

    /**
     * Finds its way around a model.
     *
     * @param usualSide the picture's side in pixels where the model itself leaves it open
     */
    OnnxImageTower(OnnxModel model, int usualSide) {
        this.model = model;
        this.input = pixelInput(model);
        this.output = model.vectorOutput("image_embeds");
        TensorInfo pixels = model.inputs().get(input);
        this.side = OnnxModel.fixed(pixels, 2).orElse(usualSide);
        this.fixedBatch = OnnxModel.fixed(pixels, 0);
        if (OnnxModel.fixed(pixels, 1).orElse(3) != 3
                || OnnxModel.fixed(pixels, 3).orElse(side) != side) {
            throw new ModelException(model.file() + " wants pictures of another shape than [N, 3, S, S]: " + pixels);
        }
    }

    private static String pixelInput(OnnxModel model) {
        List<String> pictures = model.inputs().entrySet().stream()
                .filter(e ->
                        e.getValue().type == OnnxJavaType.FLOAT && e.getValue().getShape().length == 4)
                .map(Map.Entry::getKey)
                .toList();
        if (pictures.size() != 1 || model.inputs().size() != 1) {
            throw new ModelException(model.file() + " is not an image tower: it takes "
                    + model.inputs().keySet() + " where one float32 input [N, 3, S, S] (" + PIXELS
                    + ") is expected; use the export that has the towers in files of their own");
        }
        return pictures.get(0);
    }

    /** Width and height of a prepared picture, in pixels. */
    int side() {
        return side;
    }

    /** How many pictures a run takes where the model leaves no choice. */
    Optional<Integer> fixedBatch() {
        return fixedBatch;
    }

    @Override
    public float[][] run(FloatBuffer pixels, int count) throws OrtException {
        int rows = fixedBatch.orElse(count);
        FloatBuffer batch = pixels.duplicate().position(0).limit(rows * 3 * side * side);
        try (OnnxTensor tensor = OnnxTensor.createTensor(model.environment(), batch, new long[] {rows, 3, side, side});
                RunOptions options = new RunOptions();
                Result result = run(tensor, options)) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[][] vectors = new float[count][values.remaining() / rows];
            for (float[] vector : vectors) {
                values.get(vector);
            }
            return vectors;
        }
    }

    private Result run(OnnxTensor tensor, RunOptions options) throws OrtException {
        running.put(Thread.currentThread(), options);
        try {
            return model.session().run(Map.of(input, tensor), Set.of(output), options);
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    /** ONNX Runtime asks between two nodes of the graph; one that never ends by itself is not ended. */
    @Override
    public void terminate(Thread thread) {
        running.computeIfPresent(thread, (same, options) -> {
            try {
                options.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException("A run of " + model.file() + " cannot be ended", e);
            }
            return options;
        });
    }

    @Override
    public void close() {
        model.close();
    }
}
