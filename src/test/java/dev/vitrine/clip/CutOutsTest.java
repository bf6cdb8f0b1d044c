package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.image.LocalPixels;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.Transparency;
import dev.vitrine.testing.CutOuts;
import dev.vitrine.testing.CutOuts.Hidden;
import dev.vitrine.testing.Pictures;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cut-out finds the same product on white first, whatever colour its editor hid under the transparency. */
class CutOutsTest {
    @TempDir
    private Path folder;

    @Test
    void aHundredCutOutsFindTheirProductsOnWhite() throws Exception {
        List<Path> samples;
        try (Stream<Path> files = Files.list(Path.of("samples/catalogue"))) {
            samples = files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
        assertThat(search(samples, Transparency.WHITE)).isEqualTo(100);
        assertThat(search(samples, Transparency.IGNORE))
                .as("what alpha that is dropped would find")
                .isLessThan(90);
    }

    /** How many of a hundred find themselves first. */
    private int search(List<Path> samples, Transparency transparency) throws Exception {
        try (Mini mini = new Mini()) {
            Preprocessing preprocessing = Preprocessing.read(Mini.FOLDER.resolve("preprocessor_config.json"));
            Preparation preparation = new Preparation(preprocessing, 50_000_000, true, true, transparency);
            PicturePreparer preparer = new PicturePreparer(
                    preparation, new LocalPixels(new PictureShrinker(preparation), 50_000_000, Optional.empty()));
            List<float[]> onWhite = new ArrayList<>();
            for (Path sample : samples) {
                BufferedImage cut = CutOuts.cut(sample, Hidden.BACKGROUND);
                onWhite.add(embed(mini, preparer, CutOuts.onWhite(cut)));
            }
            int found = 0;
            for (int i = 0; i < 100; i++) {
                int product = i % samples.size();
                BufferedImage cut = CutOuts.cut(samples.get(product), Hidden.values()[i % 3]);
                found += Mini.nearest(embed(mini, preparer, cut), onWhite) == product ? 1 : 0;
            }
            return found;
        }
    }

    private float[] embed(Mini mini, PicturePreparer preparer, BufferedImage image) throws Exception {
        Path file = Files.write(folder.resolve("picture.png"), Pictures.encode(image, "png"));
        try (PreparedPicture picture = preparer.prepare(file)) {
            return mini.model().images().embed(picture.tensor());
        }
    }
}
