package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.testing.Pictures;
import dev.vitrine.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that take a decoder for ever or all the memory fail alone, and the next one is decoded. */
class PoisonPicturesTest {

    private static final int MANY = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    private Path file(String name, byte[] picture) throws IOException {
        return Files.write(folder.resolve(name), picture);
    }

    @Test
    void aPictureThatTakesTooLongFailsAloneAndItsThreadEnds() throws Exception {
        Path endless = file("endless.jpg", Pictures.endlessJpeg());
        Path good = file("good.jpg", Pictures.jpeg(1));
        try (Watchdog watchdog = new Watchdog("decoder", Duration.ofMillis(300), 1)) {
            PicturePreparer preparer = new PicturePreparer(
                    Preprocessing.clip(), 50_000_000, 50_000_000, true, false, Optional.of(watchdog));

            assertThatThrownBy(() -> preparer.prepare(endless))
                    .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                            .isEqualTo(Reason.TOO_COSTLY))
                    .hasMessageContaining("takes too long to decode");

            await().atMost(Duration.ofSeconds(5)).until(() -> watchdog.stuck() == 0);
            preparer.prepare(good).close();
        }
    }

    @Test
    void aPictureThatDoesNotFitBesideOthersIsDecodedAlone() throws Exception {
        Path png = file("large.png", Pictures.encode("png", 1, 4_000, 4_000));
        List<String> files = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            files.add(png.toString());
        }

        assertThat(prepareIn("130m", files)).containsOnly("prepared").hasSize(6);
    }

    @Test
    void aPictureThatDoesNotFitAtAllFailsAlone() throws Exception {
        Path png = file("huge.png", Pictures.encode("png", 1, 7_000, 7_000));
        Path good = file("good.png", Pictures.encode("png", 2, 500, 500));

        assertThat(prepareIn("130m", List.of(good.toString(), png.toString(), good.toString())))
                .containsExactlyInAnyOrder("prepared", "TOO_COSTLY", "prepared");
    }

    /** What becomes of pictures that are all prepared at once in a JVM with so much heap. */
    private static List<String> prepareIn(String heap, List<String> files) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName()));
        command.addAll(files);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> output =
                    new String(process.getInputStream().readAllBytes()).lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output.stream()
                    .filter(line -> line.startsWith("outcome "))
                    .map(line -> line.substring(8))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs in a JVM of its own; nothing but its heap bounds how many pixels are in flight. */
    static final class SmallHeap {
        public static void main(String[] files) {
            PicturePreparer preparer = new PicturePreparer(Preprocessing.clip(), MANY, MANY, true, false);
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (String file : files) {
                CompletableFuture<String> outcome = new CompletableFuture<>();
                all.add(outcome);
                new Thread(() -> {
                            try {
                                preparer.prepare(Path.of(file)).close();
                                outcome.complete("prepared");
                            } catch (UnusablePictureException e) {
                                outcome.complete(e.reason().name());
                            } catch (Throwable e) {
                                outcome.complete(e.toString());
                            }
                        })
                        .start();
            }
            all.forEach(outcome -> System.out.println("outcome " + outcome.join()));
        }
    }
}
