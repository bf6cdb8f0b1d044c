package dev.vitrine.cli;

import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.image.UnusablePictureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Some pictures of a folder, prepared for a model. What is no picture is passed over. */
final class PictureSample {
    private static final long SEED = 1;

    private final PicturePreparer preparer;

    PictureSample(PicturePreparer preparer) {
        this.preparer = preparer;
    }

    /**
     * Takes them from everywhere in the folder, the same ones each time.
     *
     * @param most how many
     */
    List<FloatBuffer> of(Path folder, int most) throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
        Collections.shuffle(files, new Random(SEED));
        List<FloatBuffer> pictures = new ArrayList<>();
        for (Path file : files) {
            if (pictures.size() == most) {
                break;
            }
            try (PreparedPicture picture = preparer.prepare(file)) {
                pictures.add(copy(picture.tensor()));
            } catch (UnusablePictureException e) {
                // a record, a damaged picture, anything else
            }
        }
        return pictures;
    }

    private static FloatBuffer copy(FloatBuffer tensor) {
        return ByteBuffer.allocateDirect(Float.BYTES * tensor.remaining())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(tensor.duplicate())
                .flip();
    }
}
