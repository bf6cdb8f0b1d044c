package dev.vitrine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.image.PictureFormat;
import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.Pixels;
import dev.vitrine.image.ShrunkPicture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final Path FILE = Path.of("query.jpg");
    private static final PictureHeader HEADER = new PictureHeader(PictureFormat.JPEG, 1, 1, 1);
    private static final ShrunkPicture PICTURE = new ShrunkPicture(new Pixels(1, 1, new byte[3]), Optional.empty());

    private final CompletableFuture<ShrunkPicture> decoded = new CompletableFuture<>();
    private final AtomicInteger inside = new AtomicInteger();

    private Lane lane(int mostWaiting, Duration patience) {
        return new Lane(
                (file, header) -> {
                    inside.incrementAndGet();
                    return decoded.join();
                },
                1,
                mostWaiting,
                patience,
                TooManySearchesException::new);
    }

    private static CompletableFuture<ShrunkPicture> search(Lane lane, Thread[] thread) {
        CompletableFuture<ShrunkPicture> found = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                found.complete(lane.shrink(FILE, HEADER));
            } catch (Exception e) {
                found.completeExceptionally(e);
            }
        });
        thread[0].setDaemon(true);
        thread[0].start();
        return found;
    }

    @Test
    void oneIsInsideOneWaitsAndTheThirdIsSentAwayAtOnce() {
        Lane lane = lane(1, Duration.ofMinutes(1));
        CompletableFuture<ShrunkPicture> first = search(lane, new Thread[1]);
        await().until(() -> inside.get() == 1);
        Thread[] waiting = new Thread[1];
        CompletableFuture<ShrunkPicture> second = search(lane, waiting);
        await().until(() -> waiting[0].getState() == Thread.State.TIMED_WAITING);

        assertThatThrownBy(() -> lane.shrink(FILE, HEADER)).isInstanceOf(TooManySearchesException.class);

        decoded.complete(PICTURE);
        assertThat(first.join()).isEqualTo(PICTURE);
        assertThat(second.join()).isEqualTo(PICTURE);
    }

    @Test
    void nobodyWaitsLongerThanItsPatience() {
        Lane lane = lane(9, Duration.ofMillis(10));
        search(lane, new Thread[1]);
        await().until(() -> inside.get() == 1);

        assertThatThrownBy(() -> lane.shrink(FILE, HEADER)).isInstanceOf(TooManySearchesException.class);
        decoded.complete(PICTURE);
    }
}
