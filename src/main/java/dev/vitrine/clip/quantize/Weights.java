package dev.vitrine.clip.quantize;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A constant matrix of a graph, float32, as what a picture's row is multiplied with: {@code inner} rows of {@code outer}
 * numbers.
 */
final class Weights {
    private static final int LEVELS = 127;

    private final String name;
    private final FloatBuffer values;
    private final int inner;
    private final int outer;
    private final boolean transposed;

    private Weights(String name, FloatBuffer values, int inner, int outer, boolean transposed) {
        this.name = name;
        this.values = values;
        this.inner = inner;
        this.outer = outer;
        this.transposed = transposed;
    }

    /** Whether these are a float32 matrix whose numbers lie in the tensor itself. */
    static boolean isMatrix(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()
                && tensor.getDimsCount() == 2
                && tensor.getDataLocation() == TensorProto.DataLocation.DEFAULT
                && tensor.getDims(0) > 0
                && tensor.getDims(1) > 0
                && tensor.getDims(0) * tensor.getDims(1) <= Integer.MAX_VALUE;
    }

    /** @param transposed whether the tensor holds {@code outer} rows of {@code inner} numbers */
    static Weights of(TensorProto tensor, boolean transposed) {
        int rows = Math.toIntExact(tensor.getDims(0));
        int columns = Math.toIntExact(tensor.getDims(1));
        FloatBuffer values;
        if (tensor.hasRawData()) {
            ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer();
            values = raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        } else {
            values = FloatBuffer.allocate(tensor.getFloatDataCount());
            tensor.getFloatDataList().forEach(values::put);
            values.flip();
        }
        if (values.remaining() != rows * columns) {
            throw new IllegalArgumentException("The weights " + tensor.getName() + " have " + values.remaining()
                    + " numbers where their shape says " + rows + " x " + columns + "; the model is damaged");
        }
        return transposed
                ? new Weights(tensor.getName(), values, columns, rows, true)
                : new Weights(tensor.getName(), values, rows, columns, false);
    }

    String name() {
        return name;
    }

    int inner() {
        return inner;
    }

    int outer() {
        return outer;
    }

    private float at(int row, int column) {
        return values.get(transposed ? column * inner + row : row * outer + column);
    }

    /**
     * The matrix as whole numbers from −127 to 127, with a scale for each column: {@code weight ≈ number · scale}.
     *
     * @param numbers {@code inner · outer} of them, row by row
     * @param scales one a column
     * @param sums of the numbers of each column
     */
    record Int8(ByteString numbers, float[] scales, float[] sums) {}

    /** The largest weight of each column becomes 127; others are rounded to the nearest. */
    Int8 toInt8() {
        float[] scales = new float[outer];
        for (int row = 0; row < inner; row++) {
            for (int column = 0; column < outer; column++) {
                scales[column] = Math.max(scales[column], Math.abs(at(row, column)));
            }
        }
        for (int column = 0; column < outer; column++) {
            scales[column] = scales[column] == 0 ? 1 : scales[column] / LEVELS;
        }
        byte[] numbers = new byte[inner * outer];
        long[] sums = new long[outer];
        for (int row = 0; row < inner; row++) {
            for (int column = 0; column < outer; column++) {
                long number = Math.round(Math.rint(at(row, column) / scales[column]));
                byte clipped = (byte) Math.max(-LEVELS, Math.min(LEVELS, number));
                numbers[row * outer + column] = clipped;
                sums[column] += clipped;
            }
        }
        float[] asFloats = new float[outer];
        for (int column = 0; column < outer; column++) {
            asFloats[column] = sums[column];
        }
        return new Int8(ByteString.copyFrom(numbers), scales, asFloats);
    }
}
