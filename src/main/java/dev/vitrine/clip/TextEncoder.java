package dev.vitrine.clip;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Turns a text into a unit vector that can be compared with those of pictures; safe for many threads at once.
 *
 * <p>A text that is too long for the model is cut, keeping the end-of-text token; a short one is padded to the model's
 * context length.
 */
public final class TextEncoder implements AutoCloseable {

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final int CLIP_CONTEXT = 77;

    private final OnnxModel model;
    private final HuggingFaceTokenizer tokenizer;
    private final String ids;
    private final boolean masked;
    private final String output;
    private final int contextLength;
    private final long padding;
    /** Shared by runs, exclusive for the close: freeing a session under a run ends the process. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private TextEncoder(OnnxModel model, Path tokenizerFile, Optional<Path> config) throws IOException {
        this.model = model;
        this.ids = idInput(model);
        this.masked = model.inputs().containsKey(MASK);
        this.output = model.vectorOutput("text_embeds");
        this.contextLength = contextLength(model.inputs().get(ids), config);
        this.padding = padding(tokenizerFile);
        this.tokenizer = tokenizer(tokenizerFile, contextLength);
    }

    /**
     * Loads a text tower and its tokenizer.
     *
     * @param libraries where the tokenizer's native library is unpacked to (15 MB), unless DJL's own
     *     {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR} says otherwise
     * @throws ModelException where the text tower or the tokenizer cannot be used
     */
    static TextEncoder open(Path textTower, Path tokenizer, Optional<Path> config, Device device, Path libraries) {
        LocalDjl.unpackTokenizersInto(libraries);
        OnnxModel model = OnnxModel.open(textTower, device);
        try {
            return new TextEncoder(model, tokenizer, config);
        } catch (IOException e) {
            model.close();
            throw new ModelException(tokenizer + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static String idInput(OnnxModel model) {
        Map<String, TensorInfo> inputs = new HashMap<>(model.inputs());
        inputs.remove(MASK);
        if (inputs.size() == 1) {
            Map.Entry<String, TensorInfo> only = inputs.entrySet().iterator().next();
            OnnxJavaType type = only.getValue().type;
            if (only.getValue().getShape().length == 2 && (type == OnnxJavaType.INT64 || type == OnnxJavaType.INT32)) {
                return only.getKey();
            }
        }
        throw new ModelException(model.file() + " is not a text tower: it takes "
                + model.inputs().keySet() + " where " + IDS + " [N, length], and perhaps " + MASK
                + ", is expected; use the export that has the towers in files of their own");
    }

    private static int contextLength(TensorInfo ids, Optional<Path> config) throws IOException {
        Optional<Integer> fixed = OnnxModel.fixed(ids, 1);
        if (fixed.isPresent() || config.isEmpty()) {
            return fixed.orElse(CLIP_CONTEXT);
        }
        return ModelJson.read(config.get())
                .path("text_config")
                .path("max_position_embeddings")
                .asInt(CLIP_CONTEXT);
    }

    /**
     * The id that fills a short text: what the tokenizer's own padding says, else the pad token that files beside it
     * name, else the end-of-text token, as CLIP was trained. (The {@code pad_token_id} of CLIP's {@code config.json} is
     * another, and wrong.)
     */
    private static long padding(Path tokenizerFile) throws IOException {
        JsonNode tokenizer = ModelJson.read(tokenizerFile);
        JsonNode declared = tokenizer.path("padding").path("pad_id");
        if (declared.isInt()) {
            return declared.asLong();
        }
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            Path beside = tokenizerFile.resolveSibling(name);
            if (Files.isRegularFile(beside)) {
                JsonNode token = ModelJson.read(beside).path("pad_token");
                Optional<Long> id =
                        id(tokenizer, token.isObject() ? token.path("content").asText() : token.asText());
                if (id.isPresent()) {
                    return id.get();
                }
            }
        }
        return id(tokenizer, END_OF_TEXT).orElse(0L);
    }

    private static Optional<Long> id(JsonNode tokenizer, String token) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(token)) {
                return Optional.of(added.path("id").asLong());
            }
        }
        JsonNode id = tokenizer.path("model").path("vocab").path(token);
        return id.isInt() ? Optional.of(id.asLong()) : Optional.empty();
    }

    private static HuggingFaceTokenizer tokenizer(Path file, int contextLength) throws IOException {
        String length = Integer.toString(contextLength);
        try (InputStream in = Files.newInputStream(file)) {
            return HuggingFaceTokenizer.newInstance(
                    in,
                    Map.of("truncation", "true", "padding", "false", "maxLength", length, "modelMaxLength", length));
        } catch (RuntimeException e) {
            throw new ModelException(file + " cannot be used as a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Computes a text's vector.
     *
     * @return a vector of length 1
     * @throws EncodingException when the model could not be run, or gives no usable vector for this text
     * @throws IllegalStateException when the encoder is closed
     */
    public float[] embed(String text) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the text encoder is closed");
            }
            float[] vector = run(tokens(text));
            if (!UnitLength.scale(vector)) {
                throw new EncodingException("The model gives no usable vector for this text; try other words", null);
            }
            return vector;
        } catch (OrtException e) {
            throw new EncodingException("The text model could not be run: " + e.getMessage(), e);
        } finally {
            reading.unlock();
        }
    }

    /** The token ids of a text as the model gets them, without padding. */
    long[] tokens(String text) {
        long[] tokens = tokenizer.encode(text).getIds();
        // The end-of-text token is what the model looks at, so it must survive a cut.
        if (tokens.length > contextLength) {
            long end = tokens[tokens.length - 1];
            tokens = Arrays.copyOf(tokens, contextLength);
            tokens[contextLength - 1] = end;
        }
        return tokens;
    }

    /** How many tokens the model takes. */
    int contextLength() {
        return contextLength;
    }

    /** The token id that fills short texts. */
    long padding() {
        return padding;
    }

    private float[] run(long[] tokens) throws OrtException {
        long[] padded = Arrays.copyOf(tokens, contextLength);
        Arrays.fill(padded, tokens.length, contextLength, padding);
        long[] mask = new long[contextLength];
        Arrays.fill(mask, 0, tokens.length, 1);

        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put(ids, tensor(ids, padded));
            if (masked) {
                inputs.put(MASK, tensor(MASK, mask));
            }
            try (Result result = model.session().run(inputs, Set.of(output))) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] vector = new float[values.remaining()];
                values.get(vector);
                return vector;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String input, long[] values) throws OrtException {
        long[] shape = {1, values.length};
        if (model.inputs().get(input).type == OnnxJavaType.INT32) {
            int[] narrow = Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
            return OnnxTensor.createTensor(model.environment(), IntBuffer.wrap(narrow), shape);
        }
        return OnnxTensor.createTensor(model.environment(), LongBuffer.wrap(values), shape);
    }

    /** Waits for the texts in hand and frees the model. */
    @Override
    public void close() {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
                model.close();
            }
        } finally {
            writing.unlock();
        }
    }
}
