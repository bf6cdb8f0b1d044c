package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Mutator;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes, a structure is read in no time or refused for a reason. {@code -Dfuzz.pictures=N} tries more. */
class StructureFuzzTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "orientation6.jpg",
                "progressive-444.jpg",
                "restarts.jpg",
                "rgba.png",
                "orientation6.png",
                "palette4-interlaced.png",
                "animated.gif",
                "interlaced.gif",
                "animated.webp",
                "lossy-alpha.webp",
                "lossless.webp",
                "runs.bmp",
                "rgb565.bmp",
                "lzw.tiff",
                "jpeg.tiff",
                "orientation8.tiff"
            })
    void isReadOrRefused(String name) throws IOException {
        byte[] picture = Files.readAllBytes(Goldens.named(name).file());
        Mutator mutator = new Mutator(name.hashCode());
        PictureInspector inspector = new PictureInspector(50_000_000);
        int count = Integer.getInteger("fuzz.pictures", 1_500);
        for (int i = 0; i < count; i++) {
            byte[] mutated = mutator.mutate(picture);
            long begun = System.nanoTime();
            try {
                inspector.inspect(mutated);
            } catch (UnusablePictureException e) {
                // refused
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("picture %d of %s", i, name)
                    .isLessThan(Duration.ofSeconds(1));
        }
    }
}
