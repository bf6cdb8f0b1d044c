package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PicturePreparerTest {

    private static PicturePreparer preparer(boolean appliesOrientation) {
        return new PicturePreparer(Preprocessing.clip(), 50_000_000, 50_000_000, appliesOrientation, false);
    }

    private static float[] floats(PreparedPicture prepared) {
        FloatBuffer tensor = prepared.tensor();
        float[] floats = new float[tensor.remaining()];
        tensor.get(floats);
        return floats;
    }

    static Stream<Goldens.Case> all() {
        return Goldens.all().stream();
    }

    /** Rows are resized as they are decoded; that must be the same as to decode, turn and then resize. */
    @ParameterizedTest
    @MethodSource("all")
    void resizesWhileDecodingToTheSameTensor(Goldens.Case golden) throws Exception {
        Pixels pixels = new PictureDecoder(new PictureInspector(50_000_000), true).decode(golden.file());
        FloatBuffer expected = FloatBuffer.allocate(3 * 224 * 224);
        new Preprocessor(Preprocessing.clip()).write(pixels, expected);
        try (PreparedPicture prepared = preparer(true).prepare(golden.file())) {
            assertThat(floats(prepared)).isEqualTo(expected.array());
        }
    }

    @Test
    void reusesTheMemoryOfClosedPictures() throws Exception {
        PicturePreparer preparer = preparer(true);
        Path file = Goldens.named("rgb.png").file();
        PreparedPicture first = preparer.prepare(file);
        FloatBuffer tensor = first.tensor();
        assertThat(tensor.isDirect()).isTrue();
        assertThat(tensor.order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(tensor.remaining()).isEqualTo(preparer.floats());
        float[] before = floats(first);
        first.close();
        first.close();
        assertThatThrownBy(first::tensor).isInstanceOf(IllegalStateException.class);
        tensor.put(0, 42);
        try (PreparedPicture second = preparer.prepare(file);
                PreparedPicture third =
                        preparer.prepare(Goldens.named("grey.png").file())) {
            assertThat(floats(second)).isEqualTo(before);
            assertThat(tensor.get(0)).isEqualTo(before[0]);
            assertThat(floats(third)).isNotEqualTo(before);
        }
    }

    @Test
    void putsNoPictureWhereAnAbandonedOneLies() throws Exception {
        PicturePreparer preparer = preparer(true);
        Path file = Goldens.named("rgb.png").file();
        PreparedPicture first = preparer.prepare(file);
        FloatBuffer tensor = first.tensor();
        first.abandon();
        first.close();
        tensor.put(0, 42);
        try (PreparedPicture second = preparer.prepare(file)) {
            assertThat(second.tensor().get(0)).isNotEqualTo(42);
            assertThat(tensor.get(0)).isEqualTo(42);
        }
    }

    @Test
    void givesTheBudgetBackAfterADamagedPicture(@TempDir Path folder) throws Exception {
        byte[] bad = Goldens.named("rgb.png").bytes();
        bad[bad.length / 2]++;
        Path damaged = Files.write(folder.resolve("damaged.png"), bad);
        PicturePreparer preparer = new PicturePreparer(Preprocessing.clip(), 50_000_000, 1, true, false);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> preparer.prepare(damaged)).isInstanceOf(UnusablePictureException.class);
        }
        preparer.prepare(Goldens.named("rgb.png").file()).close();
    }

    @Test
    void letsPicturesInOneAfterTheOtherWhenTheBudgetIsUsed() throws Exception {
        PixelBudget budget = new PixelBudget(100);
        PixelBudget.Share small = budget.take(40);
        CompletableFuture<PixelBudget.Share> huge = taking(budget, 1_000);
        await().until(() -> budget.waiting() == 1);
        CompletableFuture<PixelBudget.Share> late = taking(budget, 10);
        await().until(() -> budget.waiting() == 2);
        assertThat(huge).isNotDone();
        assertThat(late).as("a small one does not overtake").isNotDone();
        small.close();
        huge.get(5, TimeUnit.SECONDS);
        assertThat(late).as("the huge one is alone").isNotDone();
        huge.join().close();
        late.get(5, TimeUnit.SECONDS).close();
    }

    private static CompletableFuture<PixelBudget.Share> taking(PixelBudget budget, long pixels) {
        CompletableFuture<PixelBudget.Share> share = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                share.complete(budget.take(pixels));
            } catch (InterruptedException e) {
                share.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return share;
    }

    /** Ten pictures of 50 megapixels, as PNG 150 MB decoded each, in a JVM whose heap holds two at a time. */
    @Test
    void preparesTenLargePicturesAtOnceInASmallHeap(@TempDir Path folder) throws Exception {
        Path png = folder.resolve("large.png");
        Path jpeg = folder.resolve("large.jpg");
        writeLarge(png, jpeg);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                LargePictures.class.getName()));
        for (int i = 0; i < 5; i++) {
            command.add(png.toString());
            command.add(jpeg.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("prepared 10");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void writeLarge(Path png, Path jpeg) throws IOException {
        BufferedImage image = new BufferedImage(8160, 6120, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 60; i++) {
            graphics.setColor(Color.getHSBColor(i / 60f, 0.7f, 0.9f));
            graphics.fillRect(i * 136, i * 61, 950, 1400);
        }
        graphics.dispose();
        ImageIO.write(image, "png", png.toFile());
        ImageIO.write(image, "jpg", jpeg.toFile());
    }

    /** Runs in a JVM of its own. */
    static final class LargePictures {
        public static void main(String[] files) throws Exception {
            PicturePreparer preparer =
                    new PicturePreparer(Preprocessing.clip(), 50_000_000, PicturePreparer.pixelsThatFit(), true, false);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (String file : files) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                all.add(done);
                new Thread(() -> {
                            try {
                                preparer.prepare(Path.of(file)).close();
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        })
                        .start();
            }
            all.forEach(CompletableFuture::join);
            System.out.println("prepared " + all.size());
        }
    }
}
