package dev.vitrine.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a picture costs on one thread: decoding, resampling and normalising, and both as the service does them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PreparationBenchmark {
    private static final int MAX_PIXELS = 200_000_000;

    /** A file of the golden pictures, or a path of your own. */
    @Param({"photo-640x480.jpg", "progressive-420.jpg", "lossy-640x480.webp", "lossless.webp", "odd-451x333.png"})
    public String picture;

    private final PictureDecoder decoder = new PictureDecoder(new PictureInspector(MAX_PIXELS), true);
    private final PicturePreparer preparer =
            new PicturePreparer(Preprocessing.clip(), MAX_PIXELS, MAX_PIXELS, true, true);
    private final Preprocessor preprocessor = new Preprocessor(Preprocessing.clip());
    private final FloatBuffer tensor = ByteBuffer.allocateDirect(preprocessor.floats() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    private Path file;
    private Pixels pixels;

    @Setup
    public void decodeOnce() throws IOException {
        file = Path.of("src/test/resources/golden").resolve(picture); // an absolute path stays as it is
        pixels = decoder.decode(file);
    }

    @Benchmark
    public Pixels decode() throws IOException {
        return decoder.decode(file);
    }

    @Benchmark
    public Pixels resample() {
        return preprocessor.resize(pixels);
    }

    @Benchmark
    public FloatBuffer resampleAndNormalise() {
        tensor.clear();
        preprocessor.write(pixels, tensor);
        return tensor;
    }

    @Benchmark
    public long prepare() throws IOException, InterruptedException {
        try (PreparedPicture prepared = preparer.prepare(file)) {
            return prepared.tensor().remaining();
        }
    }
}
