package dev.vitrine.clip.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * An image tower of two products: [N, 3, 16, 16] is laid out as 768 numbers, multiplied to 512, cut at 0, and multiplied
 * to 64 with a bias.
 */
public final class SmallTower {
    public static final int SIDE = 16;
    private static final int PIXELS = 3 * SIDE * SIDE;
    private static final int HIDDEN = 512;
    private static final int OUT = 64;

    private final Random random = new Random(7);
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("small");

    /** @param opset version of ONNX's operators */
    public static Path in(Path folder, int opset) throws IOException {
        Path onnx = Files.createDirectories(folder.resolve("onnx"));
        Files.write(
                onnx.resolve("vision_model.onnx"), new SmallTower().model(opset).toByteArray());
        return folder;
    }

    ModelProto model(int opset) {
        weights("first", PIXELS, HIDDEN);
        weights("second", OUT, HIDDEN); // transposed
        weights("bias", 1, OUT);
        node("Flatten", "rows", "pixel_values");
        node("MatMul", "hidden", "rows", "first");
        node("Relu", "cut", "hidden");
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Gemm")
                .addAllInput(List.of("cut", "second", "bias"))
                .addOutput("image_embeds")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("transB")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)));
        graph.addInput(tensor("pixel_values", 0, 3, SIDE, SIDE)).addOutput(tensor("image_embeds", 0, OUT));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .setGraph(graph)
                .build();
    }

    private void node(String operator, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output));
    }

    private void weights(String name, int rows, int columns) {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        while (raw.hasRemaining()) {
            raw.putFloat((float) random.nextGaussian() / 16);
        }
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(rows)
                .addDims(columns)
                .setRawData(ByteString.copyFrom(raw.flip())));
    }

    /** A dimension of 0 is left open. */
    private static ValueInfoProto tensor(String name, int... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int dimension : dimensions) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(dimension == 0 ? one.setDimParam("batch") : one.setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
