package dev.vitrine.index.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps small pictures promises, wherever they are. */
abstract class ThumbnailsContract {
    private static final Owner MUG = new Owner(null, "mug/ü 1", "main");
    private static final byte[] JPEG = Pictures.jpeg(1);
    private static final Instant LATER = Instant.MAX;

    private Thumbnails thumbnails;

    abstract Thumbnails thumbnails() throws IOException;

    /** How many are kept. */
    abstract long files() throws IOException;

    /** Writes over the only one there is. */
    abstract void overwrite(byte[] content) throws IOException;

    @BeforeEach
    void open() throws IOException {
        thumbnails = thumbnails();
    }

    final int sweepAll(Instant before, java.util.function.Predicate<Label> isWanted) {
        int removed = 0;
        for (int shard = 0; shard < Thumbnails.SHARDS; shard++) {
            removed += thumbnails.sweep(shard, before, isWanted);
        }
        return removed;
    }

    @Test
    void whatIsKeptIsStillAPicture() throws IOException {
        thumbnails.keep(MUG, 7, JPEG);

        byte[] kept = thumbnails.find(MUG, 7).orElseThrow();
        assertThat(ImageIO.read(new ByteArrayInputStream(kept)).getWidth()).isEqualTo(320);
        assertThat(Label.of(kept)).contains(new Label(MUG, 7));
    }

    @Test
    void thatOfAnotherUploadIsNotShown() {
        thumbnails.keep(MUG, 7, JPEG);

        assertThat(thumbnails.find(MUG, 8)).isEmpty();
        assertThat(thumbnails.find(new Owner("other", "mug/ü 1", "main"), 7)).isEmpty();
        assertThat(thumbnails.find(new Owner(null, "mug/ü 1", "back"), 7)).isEmpty();
    }

    @Test
    void anOlderUploadDoesNotReplaceANewerOne() throws IOException {
        thumbnails.keep(MUG, 8, JPEG);
        thumbnails.keep(MUG, 7, Pictures.jpeg(2));
        assertThat(thumbnails.find(MUG, 8)).isPresent();

        thumbnails.keep(MUG, 9, Pictures.jpeg(3));
        assertThat(thumbnails.find(MUG, 9)).isPresent();
        assertThat(files()).isOne();
    }

    @Test
    void aRemovalSparesWhatIsNewer() throws IOException {
        thumbnails.keep(MUG, 8, JPEG);
        thumbnails.remove(MUG, 7);
        assertThat(files()).isOne();

        thumbnails.remove(MUG, 8);
        assertThat(files()).isZero();
        thumbnails.remove(MUG, 8);
    }

    @Test
    void whatNobodyWantsIsSweptOnceItIsOld() throws IOException {
        Owner lamp = new Owner("lamps", "lamp", "main");
        thumbnails.keep(MUG, 1, JPEG);
        thumbnails.keep(lamp, 1, JPEG);

        assertThat(sweepAll(Instant.EPOCH, label -> false)).isZero();
        assertThat(sweepAll(LATER, label -> label.owner().equals(lamp))).isOne();
        assertThat(thumbnails.find(lamp, 1)).isPresent();
    }

    @Test
    void aFileThatIsNoneOfTheseIsNoPicture() throws IOException {
        thumbnails.keep(MUG, 7, JPEG);
        overwrite("<svg onload=alert(1)>".getBytes());

        assertThat(thumbnails.find(MUG, 7)).isEmpty();
    }
}
