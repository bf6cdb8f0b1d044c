package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.image.Preprocessing.Filter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every golden picture decodes and shrinks to the very bytes that Pillow makes of it. */
class GoldenPicturesTest {

    private final PictureInspector inspector = new PictureInspector(50_000_000);
    private final PictureDecoder decoder = new PictureDecoder(inspector, true);

    static Stream<Goldens.Case> all() {
        return Goldens.all().stream();
    }

    static Stream<Goldens.Case> stored() {
        return Goldens.all().stream().filter(golden -> golden.more().has("stored_sha256"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void decodesAndResizesAsPillow(Goldens.Case golden) {
        Pixels pixels = decoder.decode(golden.bytes());
        assertThat(pixels.width()).isEqualTo(golden.width());
        assertThat(pixels.height()).isEqualTo(golden.height());
        if (golden.hasPixels()) {
            assertThat(Goldens.largestDifference(golden.pixels(), pixels.rgb())).isZero();
        }
        Pixels resized = new Preprocessor(Preprocessing.clip()).resize(pixels);
        assertThat(Goldens.sha256(resized.rgb())).isEqualTo(golden.clipSha256());
    }

    @ParameterizedTest
    @MethodSource("stored")
    void leavesThePictureAsStoredWhenOrientationIsIgnored(Goldens.Case golden) {
        Pixels pixels = new PictureDecoder(inspector, false).decode(golden.bytes());
        assertThat(Goldens.sha256(pixels.rgb()))
                .isEqualTo(golden.more().get("stored_sha256").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo-640x480.jpg", "odd-451x333.png", "small-30x40.png", "tall-100x1500.jpg"})
    void resizesWithOtherFiltersAndNormalisesAsPillowAndNumpy(String name) {
        Goldens.Case golden = Goldens.named(name);
        Pixels pixels = decoder.decode(golden.bytes());
        Preprocessing clip = Preprocessing.clip();
        for (Filter filter : List.of(Filter.BILINEAR, Filter.NEAREST)) {
            Preprocessing other =
                    new Preprocessing(clip.resize(), filter, clip.crop(), clip.rescale(), clip.mean(), clip.std());
            assertThat(Goldens.sha256(new Preprocessor(other).resize(pixels).rgb()))
                    .as(filter.name())
                    .isEqualTo(golden.more()
                            .get(filter.name().toLowerCase(java.util.Locale.ROOT) + "_sha256")
                            .asText());
        }
        ByteBuffer floats = ByteBuffer.allocate(4 * 3 * 224 * 224).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer tensor = floats.asFloatBuffer();
        new Preprocessor(clip).write(pixels, tensor);
        assertThat(tensor.hasRemaining()).isFalse();
        assertThat(Goldens.sha256(floats.array()))
                .isEqualTo(golden.more().get("tensor_sha256").asText());
    }
}
