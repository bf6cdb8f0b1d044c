package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.vitrine.batch.Batcher;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.image.UnusablePictureException.Reason;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageEncoderTest {

    private static final int TINY_SIDE = 2;
    private static final Duration RUN_DEADLINE = Duration.ofSeconds(20);

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stopCallers() throws InterruptedException {
        callers.shutdownNow();
        assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void givesAUnitVectorThatDependsOnThePixels() throws Exception {
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 2, 8)) {
            float[] vector = encoder.embed(TinyClip.noise(1));
            assertThat(vector).hasSize(512);
            assertThat(dot(vector, vector)).isEqualTo(1, within(1e-5));
            assertThat(encoder.embed(TinyClip.noise(1))).containsExactly(vector);
            assertThat(dot(vector, encoder.embed(TinyClip.noise(2)))).isLessThan(0.999);
        }
    }

    @Test
    void knowsTheModelsShape() {
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 8)) {
            assertThat(encoder.dimensions()).isEqualTo(512);
            assertThat(encoder.inputSide()).isEqualTo(224);
        }
    }

    @Test
    void aVectorDoesNotDependOnTheBatch() throws Exception {
        List<float[]> alone = new ArrayList<>();
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 1)) {
            for (int i = 0; i < 24; i++) {
                alone.add(encoder.embed(TinyClip.noise(i)));
            }
        }
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 8)) {
            List<float[]> together = embedAtOnce(encoder, 24);
            for (int i = 0; i < 24; i++) {
                assertThat(together.get(i)).containsExactly(alone.get(i), offset(1e-5f));
            }
        }
    }

    @Test
    void picturesThatWouldChangeEachOthersVectorGetARunEach() throws Exception {
        float[] alone;
        try (ImageEncoder encoder = open("/variants/vision_int8.onnx", 1, 1)) {
            alone = encoder.embed(TinyClip.noise(3));
        }
        try (ImageEncoder encoder = open("/variants/vision_int8.onnx", 1, 8)) {
            assertThat(embedAtOnce(encoder, 16).get(3)).containsExactly(alone, offset(1e-5f));
        }
    }

    @Test
    void keepsToABatchThatTheModelFixes() throws Exception {
        try (ImageEncoder free = open("/onnx/vision_model.onnx", 1, 8);
                ImageEncoder fixed = open("/variants/vision_fixed_batch.onnx", 2, 8)) {
            List<float[]> vectors = embedAtOnce(fixed, 10);
            for (int i = 0; i < 10; i++) {
                assertThat(vectors.get(i)).containsExactly(free.embed(TinyClip.noise(i)), offset(1e-5f));
            }
        }
    }

    @Test
    void refusesAPictureThatGivesNaNAlone() throws Exception {
        assertFailsAlone(TinyClip.flat(0));
    }

    @Test
    void refusesAPictureThatGivesZerosAlone() throws Exception {
        assertFailsAlone(TinyClip.flat(1));
    }

    private void assertFailsAlone(FloatBuffer bad) throws Exception {
        try (ImageEncoder encoder = open("/variants/vision_touchy.onnx", 1, 8)) {
            Future<float[]> before = callers.submit(() -> encoder.embed(quiet(1)));
            Future<float[]> failing = callers.submit(() -> encoder.embed(bad));
            Future<float[]> after = callers.submit(() -> encoder.embed(quiet(2)));
            assertThat(before.get(20, TimeUnit.SECONDS)).hasSize(512);
            assertThat(after.get(20, TimeUnit.SECONDS)).hasSize(512);
            assertThatThrownBy(() -> failing.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                            .isEqualTo(Reason.UNEMBEDDABLE));
        }
    }

    @Test
    void oneBatchMayHoldGoodAndBadPictures() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ImageTower tower = (pixels, count) -> {
            gate.await();
            batches.add(count);
            float[][] rows = new float[count][];
            for (int i = 0; i < count; i++) {
                rows[i] = new float[] {3, pixels.get(i * 12)};
            }
            return rows;
        };
        try (ImageEncoder encoder = encoder(tower, 8, Duration.ofSeconds(20))) {
            Future<float[]> first = callers.submit(() -> encoder.embed(tiny(0)));
            await().until(() -> encoder.waiting() == 0);
            List<Future<float[]>> rest = Stream.of(4f, Float.NaN, Float.POSITIVE_INFINITY, -4f)
                    .map(value -> callers.submit(() -> encoder.embed(tiny(value))))
                    .toList();
            await().until(() -> encoder.waiting() == 4);
            gate.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).containsExactly(1, 0);
            assertThat(rest.get(0).get(20, TimeUnit.SECONDS)).containsExactly(new float[] {0.6f, 0.8f}, offset(1e-6f));
            assertThatThrownBy(() -> rest.get(1).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(UnusablePictureException.class);
            assertThatThrownBy(() -> rest.get(2).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(UnusablePictureException.class);
            assertThat(rest.get(3).get(20, TimeUnit.SECONDS)).containsExactly(new float[] {0.6f, -0.8f}, offset(1e-6f));
            assertThat(LongStream.of(1, 2, 3, 4).map(size -> encoder.batches((int) size)))
                    .containsExactly(1L, 0L, 0L, 1L);
        }
        assertThat(batches).containsExactly(1, 4);
    }

    @Test
    void aPictureThatMakesTheModelThrowFailsAlone() throws Exception {
        try (ImageEncoder encoder = open("/variants/vision_touchy.onnx", 1, 8)) {
            List<Future<float[]>> good = new ArrayList<>();
            Future<float[]> bad = null;
            for (int i = 0; i < 20; i++) {
                int seed = i;
                if (i == 5) {
                    bad = callers.submit(() -> encoder.embed(TinyClip.flat(5)));
                }
                good.add(callers.submit(() -> encoder.embed(quiet(seed))));
            }
            for (Future<float[]> future : good) {
                assertThat(future.get(20, TimeUnit.SECONDS)).hasSize(512);
            }
            Future<float[]> failing = bad;
            assertThatThrownBy(() -> failing.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(UnusablePictureException.class)
                    .hasMessageContaining("fails on this picture and not on others")
                    .hasStackTraceContaining("out of data bounds");
        }
    }

    @Test
    void triesEachAloneWhenABatchFails() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ImageTower tower = (pixels, count) -> {
            gate.await();
            batches.add(count);
            if (count > 1) {
                throw new OutOfMemoryError("a batch of " + count);
            }
            return new float[][] {{pixels.get(0) + 1, 0}};
        };
        try (ImageEncoder encoder = encoder(tower, 4, Duration.ofSeconds(20))) {
            Future<float[]> first = callers.submit(() -> encoder.embed(tiny(1)));
            await().until(() -> encoder.waiting() == 0);
            List<Future<float[]>> rest = IntStream.range(0, 4)
                    .mapToObj(i -> callers.submit(() -> encoder.embed(tiny(i))))
                    .toList();
            await().until(() -> encoder.waiting() == 4);
            gate.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).containsExactly(1, 0);
            for (Future<float[]> future : rest) {
                assertThat(future.get(20, TimeUnit.SECONDS)).containsExactly(1, 0);
            }
        }
        assertThat(batches).containsExactly(1, 4, 1, 1, 1, 1);
    }

    @Test
    void goesOnAfterAnOutOfMemoryError() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        ImageTower tower = (pixels, count) -> {
            if (runs.getAndIncrement() < 2) {
                throw new OutOfMemoryError("no room");
            }
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(tower, 1, Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> encoder.embed(tiny(1)))
                    .as("the test picture does not fit either, so this one is not at fault")
                    .isInstanceOf(EncodingException.class)
                    .hasRootCauseInstanceOf(OutOfMemoryError.class);
            assertThat(encoder.embed(tiny(1))).containsExactly(1, 0);
        }
    }

    @Test
    void triesAPictureAgainWhenTheModelFailedOnItInPassing() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        ImageTower tower = (pixels, count) -> {
            if (runs.getAndIncrement() == 0) {
                throw new OutOfMemoryError("no room");
            }
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(tower, 1, Duration.ofSeconds(20))) {
            assertThat(encoder.embed(tiny(1))).containsExactly(1, 0);
        }
    }

    @Test
    void aPictureThatMakesTheModelLoopForEverFailsAloneAndTheRunEnds() throws Exception {
        ModelFolder folder = ModelFolder.open(path("/variants/vision_poisoned.onnx"));
        Duration runDeadline = Duration.ofMillis(200);
        try (ImageEncoder encoder = ImageEncoder.open(folder, TinyClip.SIDE, TinyClip.options(1, 8), runDeadline)) {
            List<Future<float[]>> good = new ArrayList<>();
            Future<float[]> bad = null;
            for (int i = 0; i < 12; i++) {
                int seed = i;
                if (i == 5) {
                    bad = callers.submit(() -> encoder.embed(TinyClip.colour(255, 255, 255)));
                }
                good.add(callers.submit(() -> encoder.embed(quiet(seed))));
            }
            for (Future<float[]> future : good) {
                assertThat(future.get(20, TimeUnit.SECONDS)).hasSize(512);
            }
            Future<float[]> failing = bad;
            assertThatThrownBy(() -> failing.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(UnusablePictureException.class)
                    .hasMessageContaining("comes to no end on this picture");
            await().until(() -> encoder.stuck() == 0);
            assertThat(encoder.embed(quiet(99))).hasSize(512);
        }
    }

    /** What does not heed its end goes on beside the encoder, on a thread that is counted. */
    @Test
    void goesOnBesideARunThatNeverEnds() throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        ImageTower tower = (pixels, count) -> {
            while (pixels.get(0) == 13 && going.get()) {
                Thread.onSpinWait();
            }
            return new float[][] {{pixels.get(0), 0}};
        };
        try (ImageEncoder encoder =
                new ImageEncoder(tower, TINY_SIDE, 2, 1, 1, 1, Duration.ofSeconds(20), Duration.ofMillis(50))) {
            assertThatThrownBy(() -> encoder.embed(tiny(13))).isInstanceOf(UnusablePictureException.class);
            assertThat(encoder.stuck()).isOne();
            assertThat(encoder.embed(tiny(2))).containsExactly(1, 0);
            encoder.checkStuck();
            going.set(false);
            await().until(() -> encoder.stuck() == 0);
        }
    }

    @Test
    void givesUpWaitingAtTheDeadline() {
        CountDownLatch gate = new CountDownLatch(1);
        ImageTower hanging = (pixels, count) -> {
            gate.await();
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(hanging, 1, Duration.ofMillis(20))) {
            assertThatThrownBy(() -> encoder.embed(tiny(1)))
                    .isInstanceOf(EncodeTimeoutException.class)
                    .hasMessageContaining("No vector within 20 ms");
            gate.countDown();
        }
    }

    @Test
    void checksShareOneRunWhileItHangs() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        ImageTower hanging = (pixels, count) -> {
            runs.incrementAndGet();
            gate.await();
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(hanging, 1, Duration.ofSeconds(20))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> encoder.check(Duration.ofMillis(10)))
                        .isInstanceOf(EncodeTimeoutException.class);
            }
            await().until(() -> runs.get() == 1);
            assertThat(encoder.waiting()).isZero();
            gate.countDown();
            encoder.check(Duration.ofSeconds(20));
            int before = runs.get();
            await().untilAsserted(() -> {
                encoder.check(Duration.ofSeconds(20));
                assertThat(runs).hasValueGreaterThan(before);
            });
        }
    }

    @Test
    void aCheckDoesNotWaitBehindTheWorkOfASlowModel() throws Exception {
        Semaphore runs = new Semaphore(0);
        ImageTower slow = (pixels, count) -> {
            runs.acquire();
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(slow, 1, Duration.ofSeconds(20))) {
            List<Future<float[]>> pictures = IntStream.range(0, 5)
                    .mapToObj(i -> callers.submit(() -> encoder.embed(tiny(1))))
                    .toList();
            await().until(() -> encoder.waiting() == 4);
            encoder.check(Duration.ofMillis(1)); // before the first vector

            runs.release();
            await().until(() -> pictures.stream().anyMatch(Future::isDone));
            encoder.check(Duration.ofMillis(1)); // between two

            assertThat(encoder.waiting()).as("no test picture waits").isLessThanOrEqualTo(3);
            runs.release(10);
            for (Future<float[]> picture : pictures) {
                picture.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aCheckSaysThatABusyEncoderHangs() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ImageTower hanging = (pixels, count) -> {
            gate.await();
            return new float[][] {{1, 0}};
        };
        try (ImageEncoder encoder = encoder(hanging, 1, Duration.ofMillis(300))) {
            Future<?> load = callers.submit(() -> {
                while (!Thread.interrupted()) {
                    assertThatThrownBy(() -> encoder.embed(tiny(1))).isInstanceOf(RuntimeException.class);
                }
            });

            await().untilAsserted(() -> assertThatThrownBy(() -> encoder.check(Duration.ofMillis(20)))
                    .isInstanceOf(EncodeTimeoutException.class));
            load.cancel(true);
            gate.countDown();
        }
    }

    @Test
    void aCheckSaysWhyTheModelCannotBeRun() {
        ImageTower broken = (pixels, count) -> {
            throw new IllegalStateException("the device is gone");
        };
        try (ImageEncoder encoder = encoder(broken, 1, Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> encoder.check(Duration.ofSeconds(20)))
                    .isInstanceOf(EncodingException.class)
                    .hasMessageContaining("the device is gone");
        }
    }

    @Test
    void leavesTheCallersBufferAsItIs() throws Exception {
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 8)) {
            FloatBuffer two = FloatBuffer.allocate(2 * TinyClip.FLOATS);
            two.put(TinyClip.flat(9)).put(TinyClip.noise(4));
            two.position(TinyClip.FLOATS);
            assertThat(encoder.embed(two)).containsExactly(encoder.embed(TinyClip.noise(4)), offset(1e-6f));
            assertThat(two.position()).isEqualTo(TinyClip.FLOATS);
        }
    }

    @Test
    void refusesATensorOfAnotherSize() {
        try (ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 8)) {
            assertThatThrownBy(() -> encoder.embed(FloatBuffer.allocate(12)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 x 224 x 224");
        }
    }

    @Test
    void refusesPicturesAfterItIsClosed() {
        ImageEncoder encoder = open("/onnx/vision_model.onnx", 1, 8);
        encoder.close();
        assertThatThrownBy(() -> encoder.embed(TinyClip.noise(1))).isInstanceOf(Batcher.ClosedException.class);
    }

    @Test
    void refusesATextTower() {
        assertThatThrownBy(() -> open("/onnx/text_model.onnx", 1, 8))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not an image tower")
                .hasMessageContaining("input_ids");
    }

    @Test
    void refusesAFileThatIsNoModel() {
        assertThatThrownBy(() -> ImageEncoder.open(
                        new ModelFolder(
                                "x",
                                TinyClip.folder().resolve("config.json"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        224,
                        TinyClip.options(1, 1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json cannot be loaded");
    }

    @Test
    void saysWhatCudaNeedsWhereItIsNotThere() {
        EncoderOptions options = new EncoderOptions(1, 8, Device.CUDA, Duration.ofSeconds(20));
        ModelFolder folder = ModelFolder.open(TinyClip.folder());
        assertThatThrownBy(() -> ImageEncoder.open(folder, 224, options))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("VITRINE_DEVICE=cpu");
    }

    private static ImageEncoder open(String file, int workers, int maxBatch) {
        return ImageEncoder.open(ModelFolder.open(path(file)), TinyClip.SIDE, TinyClip.options(workers, maxBatch));
    }

    private static Path path(String file) {
        return TinyClip.folder().resolve(file.substring(1));
    }

    private static ImageEncoder encoder(ImageTower tower, int maxBatch, Duration deadline) {
        return new ImageEncoder(tower, TINY_SIDE, 2, maxBatch, maxBatch, 1, deadline, RUN_DEADLINE);
    }

    private static FloatBuffer tiny(float value) {
        float[] pixels = new float[3 * TINY_SIDE * TINY_SIDE];
        pixels[0] = value;
        return FloatBuffer.wrap(pixels);
    }

    /** A picture that the touchy model takes. */
    private static FloatBuffer quiet(long seed) {
        FloatBuffer picture = TinyClip.noise(seed);
        for (int i = 0; i < picture.capacity(); i++) {
            picture.put(i, picture.get(i) * 0.01f + 0.5f);
        }
        return picture;
    }

    private List<float[]> embedAtOnce(ImageEncoder encoder, int pictures)
            throws InterruptedException, ExecutionException {
        List<Callable<float[]>> calls = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            FloatBuffer picture = TinyClip.noise(i);
            calls.add(() -> encoder.embed(picture));
        }
        List<float[]> vectors = new ArrayList<>();
        for (Future<float[]> future : callers.invokeAll(calls)) {
            vectors.add(future.get());
        }
        return vectors;
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }
}
