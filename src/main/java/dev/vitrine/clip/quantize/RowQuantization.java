package dev.vitrine.clip.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.vitrine.clip.ModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites the products of a graph with constant matrices to whole numbers of 8 bits: weights once, with a scale for each
 * column; what they are multiplied with at each run, with a scale and a zero point for <em>each row</em>. ONNX Runtime's own
 * dynamic quantisation has one scale for the whole tensor, so that pictures of one batch change each other; here a row sees
 * nothing of the others.
 *
 * <p>For a row {@code a} with the range {@code [min, max]} that includes 0: {@code s = (max − min) / 255},
 * {@code z = round(min / s)}, {@code q = round(a / s − z)}, so {@code a ≈ s · (q + z)}; and with weights
 * {@code w ≈ t · n} the product is {@code s · t · (Σ q·n + z · Σ n)}. The whole numbers {@code q} are unsigned and {@code n}
 * signed, which is the pair that processors have instructions for.
 */
final class RowQuantization {
    /** A product over fewer numbers costs more to prepare than it gains. */
    static final int LEAST_INNER = 256;

    private static final int OLDEST_OPSET = 11;
    private static final int AXES_ARE_INPUTS = 18;
    private static final String PREFIX = "vitrine_int8/";

    private final ModelProto model;
    private final long opset;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Row> rows = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final NodeList nodes = new NodeList(PREFIX);
    private int products;

    /** What a tensor was made into: names of its whole numbers, scales and zero points. */
    private record Row(String numbers, String scale, String zero) {}

    /**
     * A graph with int8 products.
     *
     * @param products how many were rewritten
     */
    record Result(ModelProto model, int products) {}

    private RowQuantization(ModelProto model) {
        this.model = model;
        this.opset = model.getOpsetImportList().stream()
                .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(1);
    }

    /**
     * Rewrites a graph.
     *
     * @throws ModelException where there is nothing to rewrite, or the graph cannot be
     */
    static Result of(ModelProto model) {
        return new RowQuantization(model).rewrite();
    }

    private Result rewrite() {
        GraphProto graph = model.getGraph();
        if (opset < OLDEST_OPSET) {
            throw new ModelException(
                    "The model is of ONNX operator set " + opset + "; export it with " + OLDEST_OPSET + " or newer");
        }
        for (TensorProto constant : graph.getInitializerList()) {
            if (constant.getName().startsWith(PREFIX)) {
                throw new ModelException("The model is quantised already");
            }
            if (constant.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw new ModelException("The model keeps its weights in a file of their own (" + constant.getName()
                        + "); export it as one file");
            }
            constants.put(constant.getName(), constant);
        }
        count(graph);
        for (NodeProto node : graph.getNodeList()) {
            if (!rewrite(node)) {
                nodes.add(node);
            }
        }
        if (products == 0) {
            throw new ModelException("The model has no product with a constant float32 matrix of " + LEAST_INNER
                    + " rows or more, so there is nothing that int8 would make faster");
        }
        return new Result(assemble(graph), products);
    }

    /** How often a name is used, also inside of branches and loops. */
    private void count(GraphProto graph) {
        for (NodeProto node : graph.getNodeList()) {
            node.getInputList().forEach(name -> uses.merge(name, 1, Integer::sum));
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    count(attribute.getG());
                }
                attribute.getGraphsList().forEach(this::count);
            }
        }
        graph.getOutputList().forEach(output -> uses.merge(output.getName(), 1, Integer::sum));
    }

    private boolean rewrite(NodeProto node) {
        boolean product = node.getOpType().equals("MatMul");
        boolean sum = node.getOpType().equals("Gemm");
        if (!node.getDomain().isEmpty() || !product && !(sum && isPlain(node))) {
            return false;
        }
        TensorProto constant = constants.get(node.getInput(1));
        if (constant == null || !Weights.isMatrix(constant)) {
            return false;
        }
        Weights weights = Weights.of(constant, sum && attribute(node, "transB", 0) != 0);
        if (weights.inner() < LEAST_INNER) {
            return false;
        }
        boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
        String output = node.getOutput(0);
        multiply(node.getInput(0), weights, biased ? nodes.name("product") : output);
        if (biased) {
            nodes.addTo(output, "Add", nodes.last(), node.getInput(2));
        }
        if (uses.merge(constant.getName(), -1, Integer::sum) == 0) {
            replaced.add(constant.getName());
        }
        products++;
        return true;
    }

    /** Whether a {@code Gemm} is {@code A · B + C} or {@code A · Bᵀ + C}. */
    private static boolean isPlain(NodeProto node) {
        return attribute(node, "transA", 0) == 0 && attribute(node, "alpha", 1) == 1 && attribute(node, "beta", 1) == 1;
    }

    private static float attribute(NodeProto node, String name, float otherwise) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .map(attribute -> attribute.getType() == AttributeProto.AttributeType.INT
                        ? (float) attribute.getI()
                        : attribute.getF())
                .findFirst()
                .orElse(otherwise);
    }

    private void multiply(String input, Weights weights, String output) {
        Row row = rows.computeIfAbsent(input, this::toRow);
        Weights.Int8 int8 = weights.toInt8();
        String numbers = nodes.constant(int8.numbers(), weights.inner(), weights.outer());
        String whole = nodes.add("MatMulInteger", row.numbers(), numbers);
        String exact = nodes.cast(whole, TensorProto.DataType.FLOAT);
        String shift = nodes.add("Mul", row.zero(), nodes.constant(int8.sums()));
        String scaled = nodes.add("Mul", nodes.add("Add", exact, shift), row.scale());
        nodes.addTo(output, "Mul", scaled, nodes.constant(int8.scales()));
    }

    private Row toRow(String input) {
        String zero = nodes.shared("zero", 0f);
        String most = nodes.add("Max", extreme("ReduceMax", input), zero);
        String least = nodes.add("Min", extreme("ReduceMin", input), zero);
        String range = nodes.add("Max", nodes.add("Sub", most, least), nodes.shared("tiny", 1e-12f));
        String scale = nodes.add("Div", range, nodes.shared("levels", 255f));
        String zeroPoint = nodes.add("Round", nodes.add("Div", least, scale));
        String steps = nodes.add("Round", nodes.add("Sub", nodes.add("Div", input, scale), zeroPoint));
        String clipped = nodes.add("Clip", steps, zero, nodes.shared("levels", 255f));
        return new Row(nodes.cast(clipped, TensorProto.DataType.UINT8), scale, zeroPoint);
    }

    /** Of each row, kept as a dimension of one. */
    private String extreme(String operator, String input) {
        return opset < AXES_ARE_INPUTS
                ? nodes.addWithAxis(operator, input)
                : nodes.add(operator, input, nodes.lastAxis());
    }

    private ModelProto assemble(GraphProto graph) {
        List<TensorProto> kept = new ArrayList<>();
        for (TensorProto constant : graph.getInitializerList()) {
            if (!replaced.contains(constant.getName())) {
                kept.add(constant);
            }
        }
        List<ValueInfoProto> inputs = graph.getInputList().stream() // old graphs list constants as inputs, too
                .filter(input -> !replaced.contains(input.getName()))
                .toList();
        GraphProto rewritten = graph.toBuilder()
                .clearNode()
                .addAllNode(nodes.nodes())
                .clearInitializer()
                .addAllInitializer(kept)
                .addAllInitializer(nodes.constants())
                .clearInput()
                .addAllInput(inputs)
                .build();
        return model.toBuilder().setGraph(rewritten).build();
    }
}
