package dev.vitrine.clip.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.TinyClip;
import dev.vitrine.clip.TowerComparison;
import dev.vitrine.clip.TowerComparison.Likeness;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelQuantizerTest {
    @TempDir
    private Path temp;

    /** Of very different contrast, as that is what shared scales suffer from. */
    private static List<FloatBuffer> pictures() {
        return IntStream.range(0, 40)
                .mapToObj(i -> {
                    Random random = new Random(i);
                    FloatBuffer picture = ByteBuffer.allocateDirect(Float.BYTES * 3 * SmallTower.SIDE * SmallTower.SIDE)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
                    while (picture.hasRemaining()) {
                        picture.put((float) random.nextGaussian() * (1 + i % 5 * 3) + i % 3);
                    }
                    return picture.flip();
                })
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void theCopyIsNearlyTheModelAndNoPictureChangesAnother(int opset) throws Exception {
        ModelFolder model = ModelFolder.open(SmallTower.in(temp.resolve("small"), opset));
        Path copy = temp.resolve("small-int8");
        assertThat(ModelQuantizer.quantize(model, copy)).isEqualTo(2);

        Likeness likeness =
                TowerComparison.of(model, ModelFolder.open(copy), SmallTower.SIDE, pictures(), temp.resolve("cache"));
        assertThat(likeness.pictures()).isEqualTo(40);
        assertThat(likeness.leastCosine()).isBetween(0.999, 0.9999999); // another model, but nearly the same
        assertThat(likeness.batchDifference()).isLessThan(1e-6);
        assertThat(likeness.overlap()).isGreaterThan(0.9);
    }

    @Test
    void theCopyIsAQuarterOfTheSize() throws Exception {
        ModelFolder model = ModelFolder.open(SmallTower.in(temp.resolve("small"), 17));
        Path copy = temp.resolve("small-int8");
        ModelQuantizer.quantize(model, copy);
        assertThat(Files.size(copy.resolve("onnx/vision_model.onnx")))
                .isLessThan(Files.size(model.imageTower()) * 3 / 10);
    }

    @Test
    void keepsTheOtherFilesAndRefusesWhatGainsNothing() throws Exception {
        ModelFolder tiny = ModelFolder.open(TinyClip.folder());
        assertThatThrownBy(() -> ModelQuantizer.quantize(tiny, temp.resolve("tiny-int8")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("nothing that int8 would make faster");

        Path mixed = SmallTower.in(TinyClip.copyTo(temp.resolve("mixed")), 17);
        Path copy = temp.resolve("mixed-int8");
        ModelQuantizer.quantize(ModelFolder.open(mixed), copy);
        ModelFolder folder = ModelFolder.open(copy);
        assertThat(folder.textTower()).isPresent();
        assertThat(folder.textTower().get())
                .hasSameBinaryContentAs(tiny.textTower().orElseThrow());
        assertThat(folder.tokenizer().orElseThrow())
                .hasSameBinaryContentAs(tiny.tokenizer().orElseThrow());
    }

    @Test
    void refusesACopyOfACopy() throws Exception {
        Path copy = temp.resolve("small-int8");
        ModelQuantizer.quantize(ModelFolder.open(SmallTower.in(temp.resolve("small"), 17)), copy);
        assertThatThrownBy(() -> ModelQuantizer.quantize(ModelFolder.open(copy), temp.resolve("again")))
                .isInstanceOf(ModelException.class)
                .hasMessage("The model is quantised already");
    }

    @Test
    void saysThatAFileIsNoModel() throws Exception {
        Path file = Files.writeString(temp.resolve("no.onnx"), "not a model, and too short for one");
        assertThatThrownBy(() -> ModelQuantizer.quantize(ModelFolder.open(file), temp.resolve("copy")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no.onnx is not an ONNX model");
    }
}
