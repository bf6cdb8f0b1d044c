package dev.vitrine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.Device;
import dev.vitrine.clip.EncoderOptions;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.UnusablePictureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example route over camel-djl gives the encoder's vectors. With {@code -Dvitrine.djl.model=FOLDER_OR_ONNX} the test
 * compares and measures another model than the bundled one.
 */
class EmbedWithDjlTest extends CamelTestSupport {

    private static final Path MODEL = Path.of(System.getProperty("vitrine.djl.model", "models/vitrine-mini"));
    private static final Path SAMPLES = Path.of("samples/catalogue");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int CALLERS = 8;
    private static final int WORKERS = 2;
    private static final long MAX_PIXELS = 50_000_000;

    private static ClipModel encoder;
    private static PicturePreparer preparer;

    @TempDir
    private Path temp;

    /** Before the route's model, as in the service, which is the order that DJL by itself does not bear. */
    @BeforeAll
    static void openTheEncoder() throws IOException {
        ModelFolder folder = ModelFolder.open(MODEL);
        Preprocessing settings = folder.preprocessor().isPresent()
                ? Preprocessing.read(folder.preprocessor().get())
                : Preprocessing.clip();
        EncoderOptions options = new EncoderOptions(WORKERS, 8, Device.CPU, Duration.ofSeconds(60));
        encoder = ClipModel.open(folder, options, settings.canonical(), true, Path.of("target/native"));
        preparer = new PicturePreparer(settings, MAX_PIXELS, MAX_PIXELS, true, true);
    }

    @AfterAll
    static void closeTheEncoder() {
        encoder.close();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getPropertiesComponent().addInitialProperty("vitrine.djl.model", MODEL.toString());
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:routes/examples/embed-with-djl.camel.yaml"));
        return context;
    }

    @Test
    void givesTheEncodersVectors() throws Exception {
        List<Path> pictures = new ArrayList<>(samples());
        Stream.of("cmyk-adobe.jpg", "grey.jpg", "orientation6.jpg", "rgba.png")
                .map(GOLDEN::resolve)
                .forEach(pictures::add);
        double least = 1;
        for (Path picture : pictures) {
            float[] overDjl = overDjl(picture);
            assertThat(overDjl).hasSize(encoder.dimensions());
            double cosine = cosine(overDjl, direct(picture));
            assertThat(cosine).as(picture.toString()).isGreaterThanOrEqualTo(0.9999);
            least = Math.min(least, cosine);
        }
        System.out.printf(
                "%s over camel-djl: the least cosine to the encoder over %d pictures is %.7f%n",
                encoder.name(), pictures.size(), least);
    }

    @Test
    void tellsWhenAPictureIsAtFault() throws IOException {
        Path broken = Files.writeString(temp.resolve("broken.jpg"), "not a picture");
        assertThatThrownBy(() -> overDjl(broken)).hasRootCauseInstanceOf(UnusablePictureException.class);
    }

    @Test
    void doesNotKeepTheDecodedPicture() throws IOException {
        Path picture = samples().get(0);
        assertThat(template.request("direct:embed-with-djl", exchange -> exchange.getMessage()
                                .setBody(picture))
                        .getMessage()
                        .getHeaders())
                .doesNotContainKey("CamelDjlInput");
    }

    @Test
    void tellsItsSpeedBesideTheEncoders() throws Exception {
        List<Path> pictures = samples();
        System.out.printf("%s, decoding and embedding %d pictures a run%n", encoder.name(), pictures.size());
        report("camel-djl, 1 caller", pictures, 1, this::overDjl);
        report("camel-djl, 8 callers", pictures, CALLERS, this::overDjl);
        report("encoder, 1 caller", pictures, 1, EmbedWithDjlTest::direct);
        report("encoder, 8 callers in batches", pictures, CALLERS, EmbedWithDjlTest::direct);
    }

    private interface Embedding {
        float[] of(Path picture) throws Exception;
    }

    private static void report(String what, List<Path> pictures, int callers, Embedding embedding) throws Exception {
        run(pictures.subList(0, CALLERS), callers, embedding);
        long start = System.nanoTime();
        run(pictures, callers, embedding);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("  %-30s %7.1f pictures/s%n", what, pictures.size() / seconds);
    }

    private static void run(List<Path> pictures, int callers, Embedding embedding) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            List<Future<float[]>> vectors = new ArrayList<>();
            for (Path picture : pictures) {
                vectors.add(pool.submit(() -> embedding.of(picture)));
            }
            for (Future<float[]> vector : vectors) {
                assertThat(vector.get()).hasSize(encoder.dimensions());
            }
        } finally {
            pool.shutdown();
        }
    }

    private float[] overDjl(Path picture) {
        return template.requestBody("direct:embed-with-djl", picture, float[].class);
    }

    private static float[] direct(Path picture) throws Exception {
        try (PreparedPicture prepared = preparer.prepare(picture)) {
            return encoder.images().embed(prepared.tensor());
        }
    }

    private static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> !file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }
}
