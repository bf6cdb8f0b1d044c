package dev.vitrine.index.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.S3Bucket;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObjectThumbnailsTest extends ThumbnailsContract {
    private static final Owner MUG = new Owner(null, "mug", "main");

    @RegisterExtension
    static final S3Bucket bucket = new S3Bucket("VITRINE_SPOOL", "shop/thumbnails/");

    @Override
    Thumbnails thumbnails() {
        return new ObjectThumbnails(bucket.store());
    }

    @Override
    long files() {
        return bucket.server().keys("shop/thumbnails/").size();
    }

    @Override
    void overwrite(byte[] content) {
        bucket.server().put(bucket.server().keys("").get(0), content);
    }

    @Test
    void emptiesWhatItMayNotDeleteAndShowsItNoMore() {
        Thumbnails thumbnails = thumbnails();
        thumbnails.keep(MUG, 7, Pictures.jpeg(1));
        bucket.front().refuse("DELETE", 403, "AccessDenied");

        thumbnails.remove(MUG, 7);

        assertThat(thumbnails.find(MUG, 7)).isEmpty();
        assertThat(sweepAll(Instant.MAX, label -> false)).isZero();
        bucket.front().behave();
        assertThat(new ObjectThumbnails(bucket.store()).sweep(shard(), Instant.MAX, label -> false))
                .isOne();
        assertThat(files()).isZero();
    }

    private static int shard() {
        return Integer.parseInt(ThumbnailNames.of(MUG).substring(0, 2), 16);
    }
}
