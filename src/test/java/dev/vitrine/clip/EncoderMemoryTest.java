package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An unclosed tensor leaks native memory, which no heap dump shows: watch the whole process. */
@Tag("slow")
class EncoderMemoryTest {

    private static final int CALLERS = 8;

    @Test
    void theProcessDoesNotGrowOver20000PicturesAndTexts() throws Exception {
        assumeThat(ProcessMemory.isKnown()).isTrue();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (ClipModel model = ClipModel.open(
                ModelFolder.open(TinyClip.folder()), TinyClip.options(2, 8), "test", true, Path.of("target/native"))) {
            encode(model, callers, 20_000); // until the Java heap has been used from end to end
            long before = ProcessMemory.residentMegabytes();
            encode(model, callers, 20_000);
            long after = ProcessMemory.residentMegabytes();
            System.out.printf("resident: %d MB before, %d MB after 20,000 pictures and texts%n", before, after);
            assertThat(after - before).isLessThan(50);
        } finally {
            callers.shutdown();
        }
    }

    private static void encode(ClipModel model, ExecutorService callers, int count) throws Exception {
        TextEncoder texts = model.texts().orElseThrow();
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            FloatBuffer picture = TinyClip.noise(i);
            calls.add(() -> {
                for (int n = 0; n < count / CALLERS; n++) {
                    assertThat(model.images().embed(picture)).hasSize(512);
                    assertThat(texts.embed("a red shoe")).hasSize(512);
                }
                return null;
            });
        }
        for (Future<Void> future : callers.invokeAll(calls)) {
            future.get();
        }
    }
}
