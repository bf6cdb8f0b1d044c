package dev.vitrine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.PlainPictures;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.Transparency;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.testing.Mutator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged pictures of every format are inspected and decoded, or refused for a reason, in no time: in this process, in
 * which the service itself decodes those that {@link PlainPictures} tells apart.
 */
@Tag("fuzz")
@Timeout(600)
class PictureFuzzTest {
    private static final int FEW = 2_000;
    private static final long MOST_PIXELS = 16_000_000;

    /** Of the clock, on a machine that is busy. */
    private static final Duration PLAIN_LIMIT = Duration.ofSeconds(2);

    /** The service gives those to a process that it can end. */
    private static final Duration OTHER_LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final PictureInspector inspector = new PictureInspector(MOST_PIXELS);
    private final PlainPictures plain = new PlainPictures();
    private final PictureShrinker shrinker =
            new PictureShrinker(new Preparation(Preprocessing.clip(), MOST_PIXELS, true, true, Transparency.WHITE));
    private final List<String> harmful = Collections.synchronizedList(new ArrayList<>());

    private static List<byte[]> pictures() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden"))) {
            return files.filter(path -> path.toString().matches(".*\\.(jpg|png|gif|webp|bmp|tiff)"))
                    .sorted()
                    .map(PictureFuzzTest::read)
                    .filter(picture -> picture.length < 60_000)
                    .toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isDecodedOrRefused() throws IOException {
        List<byte[]> pictures = pictures();
        IntStream.range(0, Fuzz.count("pictures", FEW)).parallel().forEach(i -> {
            byte[] picture = new Mutator(Fuzz.seed() + i).mutate(pictures.get(i % pictures.size()));
            tryOut("picture-" + i, picture);
        });
        assertThat(harmful).as("seed " + Fuzz.seed()).isEmpty();
    }

    @Test
    void whatOnceDidHarmIsDecodedOrRefused() {
        Fuzz.kept(".picture").forEach(file -> tryOut(file.getFileName().toString(), read(file)));
        assertThat(harmful).isEmpty();
    }

    private void tryOut(String name, byte[] picture) {
        Path file = folder.resolve("picture-" + Thread.currentThread().getId());
        Duration limit = OTHER_LIMIT;
        long begun = System.nanoTime();
        String harm = null;
        try {
            Files.write(file, picture);
            begun = System.nanoTime();
            PictureHeader header = inspector.inspect(file);
            limit = plain.contain(file, header) ? PLAIN_LIMIT : OTHER_LIMIT;
            shrinker.shrink(file, header);
        } catch (UnusablePictureException e) {
            harm = e.getMessage() == null || e.getMessage().isBlank() ? "no reason" : null;
        } catch (IOException | RuntimeException | Error e) {
            harm = e.toString();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (took.compareTo(limit) > 0) {
            harm = "took " + took;
        }
        if (harm != null) {
            harmful.add(harm + ": " + Fuzz.found(name + ".picture", picture));
        }
    }
}
