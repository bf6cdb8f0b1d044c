package dev.vitrine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.decoder.DecoderPool.Terms;
import dev.vitrine.image.Goldens;
import dev.vitrine.image.PictureFormat;
import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.Pixels;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.image.Transparency;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.image.UnusablePictureException.Reason;
import dev.vitrine.testing.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever becomes of a decoder, its process alone is harmed, and the next picture is decoded. */
class DecoderPoolTest {
    private static final Preparation PREPARATION =
            new Preparation(Preprocessing.clip(), 1_000_000, true, false, Transparency.IGNORE);
    private static final PictureHeader HEADER = new PictureHeader(PictureFormat.JPEG, 320, 240, 1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private DecoderPool pool;

    @BeforeEach
    void open() {
        pool = pool(2, Duration.ofMinutes(1));
    }

    @AfterEach
    void leavesNoProcess() {
        List<ProcessHandle> children = decoders();
        pool.close();
        assertThat(pool.processes()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    private static DecoderPool pool(int most, Duration quiet) {
        return new DecoderPool(
                new DecoderLaunch(PREPARATION, HostileDecoder.class.getName(), DecoderPool.heapFor(1_000_000)),
                terms(SECOND),
                most,
                quiet);
    }

    private static Terms terms(Duration processorTime) {
        return new Terms(processorTime, processorTime.multipliedBy(60), false);
    }

    private static List<ProcessHandle> decoders() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(HostileDecoder.class.getName()))
                .toList();
    }

    private Path picture(String name) throws IOException {
        return Files.write(folder.resolve(name + "-1.jpg"), Pictures.jpeg(1));
    }

    private Pixels shrink(Path file) throws IOException, InterruptedException {
        return pool.shrink(file, HEADER).pixels();
    }

    @Test
    void eachGoldenPictureComesOutAsPillowHasIt() throws Exception {
        Preparation all = new Preparation(Preprocessing.clip(), 50_000_000, true, false, Transparency.IGNORE);
        try (DecoderPool real = new DecoderPool(
                new DecoderLaunch(all, DecoderMain.class.getName(), DecoderPool.heapFor(1_000_000)),
                terms(Duration.ofSeconds(30)),
                1,
                Duration.ofMinutes(1))) {
            for (Goldens.Case golden : Goldens.all()) {
                PictureHeader header = new PictureHeader(PictureFormat.PNG, golden.width(), golden.height(), 1);
                assertThat(Goldens.sha256(
                                real.shrink(golden.file(), header).pixels().rgb()))
                        .as(golden.name())
                        .isEqualTo(golden.clipSha256());
            }
            assertThat(real.killed()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "endless, TOO_COSTLY, takes too long to decode",
        "hungry, TOO_COSTLY, takes more memory to decode",
        "deadly, DAMAGED, breaks its decoder"
    })
    void aDecoderThatGoesWrongTakesOnlyItsProcess(String kind, Reason reason, String message) throws Exception {
        assertThatThrownBy(() -> shrink(picture(kind)))
                .isInstanceOfSatisfying(UnusablePictureException.class, e -> assertThat(e.reason())
                        .isEqualTo(reason))
                .hasMessageContaining(message);
        assertThat(pool.processes()).isZero();
        assertThat(decoders()).isEmpty();

        assertThat(shrink(picture("good")).width()).isEqualTo(224);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryOutsideJavasHeapIsBoundedToo() {
        assertThatThrownBy(() -> {
                    try (DecoderPool large = new DecoderPool(
                            new DecoderLaunch(PREPARATION, HostileDecoder.class.getName(), 2L << 30),
                            terms(Duration.ofSeconds(20)),
                            1,
                            SECOND)) {
                        large.shrink(picture("hungry native"), HEADER);
                    }
                })
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("takes more memory to decode than its 320 x 240 pixels should");
    }

    @Test
    void aPictureWhoseProcessDiesIsTriedOnceMore() throws Exception {
        assertThat(shrink(picture("deadly once")).width()).isEqualTo(224);
        assertThat(pool.killed()).isEqualTo(1);
    }

    @Test
    void aFaultOfTheDecoderAloneKeepsItsProcess() throws Exception {
        assertThatThrownBy(() -> shrink(picture("broken"))).hasMessageContaining("a fault of the decoder");
        assertThatThrownBy(() -> shrink(folder.resolve("missing-1.jpg"))).isInstanceOf(IOException.class);
        assertThat(shrink(picture("chatty")).width()).isEqualTo(224);
        assertThat(pool.processes()).isEqualTo(1);
        assertThat(pool.killed()).isZero();
    }

    @Test
    void aPictureThatWaitsIsGivenUpByTheClock() throws Exception {
        assertThatThrownBy(() -> waitFor(picture("asleep"), false)).isInstanceOf(UnusablePictureException.class);
        assertThatThrownBy(() -> waitFor(picture("asleep"), true)).isInstanceOf(TooManySearchesException.class);
        assertThat(decoders()).isEmpty();
    }

    private static void waitFor(Path file, boolean isAwaited) throws IOException, InterruptedException {
        Terms terms = new Terms(Duration.ofSeconds(30), Duration.ofSeconds(3), isAwaited);
        try (DecoderPool hasty = new DecoderPool(
                new DecoderLaunch(PREPARATION, HostileDecoder.class.getName(), DecoderPool.heapFor(1_000_000)),
                terms,
                1,
                SECOND)) {
            hasty.shrink(file, HEADER);
        }
    }

    @Test
    void whoeverGivesUpWaitingLeavesNoProcessBehind() throws Exception {
        Path asleep = picture("asleep");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                outcome.complete(new AssertionError("decoded: " + shrink(asleep)));
            } catch (Throwable e) {
                outcome.complete(e);
            }
        });
        caller.start();
        await().until(() -> pool.processes() == 1);

        caller.interrupt();

        assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(pool.processes()).isZero();
    }

    @Test
    void aProcessThatNoPictureNeedsEnds() throws Exception {
        try (DecoderPool brief = pool(2, Duration.ofMillis(100))) {
            brief.shrink(picture("good"), HEADER);
            await().until(() -> brief.processes() == 0);
            assertThat(decoders()).isEmpty();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("decoder-")));
        }
    }

    @Test
    void processesEndWithAServiceThatIsKilled() throws Exception {
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Service.class.getName(),
                        picture("endless").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> service.children().findAny().isPresent());
            ProcessHandle child = service.children().findAny().orElseThrow();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> new ProcessUse(child).processorTime().compareTo(Duration.ofSeconds(2)) > 0);

            service.destroyForcibly();

            await().atMost(Duration.ofSeconds(10)).until(() -> !child.isAlive());
        } finally {
            service.destroyForcibly();
        }
    }

    /** Runs in a JVM of its own, at a picture that never ends. */
    static final class Service {
        public static void main(String[] files) throws Exception {
            PixelSource source = new DecoderPool(
                    new DecoderLaunch(PREPARATION, HostileDecoder.class.getName(), DecoderPool.heapFor(1_000_000)),
                    terms(Duration.ofHours(1)),
                    1,
                    SECOND);
            source.shrink(Path.of(files[0]), HEADER);
        }
    }
}
