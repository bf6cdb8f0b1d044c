package dev.vitrine.clip.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes and constants of a graph as it is written. Every name that it makes up begins with its prefix. */
final class NodeList {
    private final String prefix;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private int names;

    NodeList(String prefix) {
        this.prefix = prefix;
    }

    List<NodeProto> nodes() {
        return nodes;
    }

    List<TensorProto> constants() {
        return List.copyOf(constants.values());
    }

    /** A name that nothing has yet. */
    String name(String hint) {
        return prefix + hint + "_" + names++;
    }

    /** The output of the node that came last. */
    String last() {
        return nodes.get(nodes.size() - 1).getOutput(0);
    }

    void add(NodeProto node) {
        nodes.add(node);
    }

    /** Adds a node and returns the name of its output. */
    String add(String operator, String... inputs) {
        return addTo(name(operator), operator, inputs);
    }

    /** The same with an output of that name. */
    String addTo(String output, String operator, String... inputs) {
        nodes.add(node(operator, output, inputs).build());
        return output;
    }

    String cast(String input, TensorProto.DataType type) {
        String output = name("Cast");
        nodes.add(node("Cast", output, input)
                .addAttribute(integer("to", type.getNumber()))
                .build());
        return output;
    }

    /** A reduction over the last axis, as operator sets before 18 write it. */
    String addWithAxis(String operator, String input) {
        String output = name(operator);
        nodes.add(node(operator, output, input)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axes")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addInts(-1))
                .build());
        return output;
    }

    /** The last axis as a constant. */
    String lastAxis() {
        return keep(
                prefix + "last_axis",
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1})));
    }

    /** A number, kept once under its name. */
    String shared(String name, float value) {
        return keep(prefix + name, floats(value));
    }

    String constant(float... values) {
        return keep(name("row"), floats(values).addDims(values.length));
    }

    /** A matrix of int8. */
    String constant(ByteString values, int rows, int columns) {
        return keep(
                name("weights"),
                TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT8.getNumber())
                        .addAllDims(Arrays.asList((long) rows, (long) columns))
                        .setRawData(values));
    }

    private String keep(String name, TensorProto.Builder tensor) {
        constants.computeIfAbsent(name, n -> tensor.setName(n).build());
        return name;
    }

    private static TensorProto.Builder floats(float... values) {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(raw));
    }

    private NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output.startsWith(prefix) ? output : name(operator))
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
