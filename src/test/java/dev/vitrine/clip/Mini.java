package dev.vitrine.clip;

import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The bundled model, loaded as the service loads it, with its preprocessing. */
final class Mini implements AutoCloseable {

    static final Path FOLDER = Path.of("models/vitrine-mini");

    private final ClipModel model;
    private final PicturePreparer preparer;

    Mini() throws IOException {
        ModelFolder folder = ModelFolder.open(FOLDER);
        Preprocessing settings = Preprocessing.read(folder.preprocessor().orElseThrow());
        model = ClipModel.open(folder, TinyClip.options(2, 8), settings.canonical(), true, Path.of("target/native"));
        preparer = new PicturePreparer(settings, 50_000_000, 50_000_000, true, true);
    }

    ClipModel model() {
        return model;
    }

    PreparedPicture prepare(Path file) throws IOException, InterruptedException {
        return preparer.prepare(file);
    }

    float[] text(String text) {
        return model.texts().orElseThrow().embed(text);
    }

    float[] picture(Path file) throws IOException, InterruptedException {
        try (PreparedPicture picture = prepare(file)) {
            return model.images().embed(picture.tensor());
        }
    }

    List<float[]> pictures(List<Path> files) throws IOException, InterruptedException {
        List<float[]> vectors = new ArrayList<>();
        for (Path file : files) {
            vectors.add(picture(file));
        }
        return vectors;
    }

    static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    /** Which of the vectors comes first for a query. */
    static int nearest(float[] query, List<float[]> among) {
        int best = 0;
        for (int i = 1; i < among.size(); i++) {
            if (cosine(query, among.get(i)) > cosine(query, among.get(best))) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void close() {
        model.close();
    }
}
