package dev.vitrine.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.UnitLength;
import dev.vitrine.image.Pixels;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.Preprocessing.Size;
import dev.vitrine.image.Preprocessor;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.image.UnusablePictureException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * From a DJL image to CLIP's float32 [1, 3, height, width], prepared as for {@link dev.vitrine.clip.ImageEncoder}, and from
 * the model's output to a vector of length 1. Safe for many threads.
 */
public final class ClipTranslator implements NoBatchifyTranslator<Image, float[]> {

    private static final String OUTPUT = "image_embeds";

    private final Preprocessor preprocessor;

    /**
     * Reads how the model wants its pictures.
     *
     * @param folder a model folder as {@link ModelFolder} describes it, or the {@code .onnx} file of an image tower
     * @throws ModelException where a file is missing
     * @throws IOException where {@code preprocessor_config.json} cannot be read
     */
    public ClipTranslator(String folder) throws IOException {
        ModelFolder files = ModelFolder.open(Path.of(folder));
        this.preprocessor = new Preprocessor(
                files.preprocessor().isPresent()
                        ? Preprocessing.read(files.preprocessor().get())
                        : Preprocessing.clip());
    }

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
        byte[] rgb;
        try (NDArray pixels = image.toNDArray(context.getNDManager(), Image.Flag.COLOR)) {
            rgb = pixels.toByteArray();
        }
        FloatBuffer tensor = ByteBuffer.allocateDirect(preprocessor.floats() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        preprocessor.write(new Pixels(image.getWidth(), image.getHeight(), rgb), tensor);
        Size size = preprocessor.settings().output();
        return new NDList(context.getNDManager().create(tensor.flip(), new Shape(1, 3, size.height(), size.width())));
    }

    /** Takes the output that CLIP names so, else the only one of two dimensions. */
    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
        List<NDArray> vectors = outputs.stream()
                .filter(output -> output.getShape().dimension() == 2)
                .toList();
        float[] vector = vectors.stream()
                .filter(output -> vectors.size() == 1 || OUTPUT.equals(output.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The model has no output '" + OUTPUT + "' of [N, dimensions]; export it with its projection"))
                .toFloatArray();
        if (!UnitLength.scale(vector)) {
            throw new UnusablePictureException(
                    Reason.UNEMBEDDABLE, "The model gives no usable vector for this picture. Send another one.");
        }
        return vector;
    }
}
