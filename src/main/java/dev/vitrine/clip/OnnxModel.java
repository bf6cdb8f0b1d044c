package dev.vitrine.clip;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ONNX file, loaded, with what its inputs and outputs look like.
 *
 * <p>ONNX Runtime may run one session on many threads at once. With one thread a run, that computes as much as a session
 * a thread and holds the weights only once, so there is one session a file.
 */
final class OnnxModel implements AutoCloseable {

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, TensorInfo> inputs;
    private final Map<String, TensorInfo> outputs;

    private OnnxModel(
            Path file,
            OrtEnvironment environment,
            OrtSession session,
            Map<String, TensorInfo> inputs,
            Map<String, TensorInfo> outputs) {
        this.file = file;
        this.environment = environment;
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** @throws ModelException where the file is not a model that this device can run */
    static OnnxModel open(Path file, Device device) {
        OrtEnvironment environment = LocalDjl.onnxEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (device == Device.CUDA) {
                addCuda(options);
            }
            OrtSession session = environment.createSession(file.toString(), options);
            return new OnnxModel(
                    file, environment, session, tensors(session.getInputInfo()), tensors(session.getOutputInfo()));
        } catch (OrtException e) {
            throw new ModelException(
                    file + " cannot be loaded as an ONNX model; is it complete? (" + e.getMessage() + ")", e);
        }
    }

    private static void addCuda(SessionOptions options) {
        try {
            options.addCUDA(0);
        } catch (OrtException e) {
            throw new ModelException(
                    "VITRINE_DEVICE is cuda, but CUDA cannot be used here (" + e.getMessage() + "). It needs an NVIDIA"
                            + " GPU with CUDA 12 and cuDNN 9, and onnxruntime_gpu in place of onnxruntime in lib/;"
                            + " otherwise set VITRINE_DEVICE=cpu",
                    e);
        }
    }

    private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }

    Path file() {
        return file;
    }

    OrtEnvironment environment() {
        return environment;
    }

    OrtSession session() {
        return session;
    }

    Map<String, TensorInfo> inputs() {
        return inputs;
    }

    /** The output that holds one vector a row: the one of the usual name, else the only float one of two dimensions. */
    String vectorOutput(String usual) {
        List<String> candidates = outputs.entrySet().stream()
                .filter(e ->
                        e.getValue().type == OnnxJavaType.FLOAT && e.getValue().getShape().length == 2)
                .map(Map.Entry::getKey)
                .toList();
        if (candidates.contains(usual)) {
            return usual;
        }
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        throw new ModelException(file + " has no output '" + usual + "' of float32 [N, dimensions], and "
                + (candidates.isEmpty() ? "no other that could be it" : "several that could be it: " + candidates)
                + "; export the model with its projection (image_embeds, text_embeds)");
    }

    /** The size of one dimension of a tensor where the model fixes it. */
    static Optional<Integer> fixed(TensorInfo tensor, int dimension) {
        long size = tensor.getShape()[dimension];
        return size > 0 ? Optional.of(Math.toIntExact(size)) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("Closing " + file + " failed", e);
        }
    }
}
