package dev.vitrine.index.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ObjectThumbnailsTest extends ThumbnailsContract {
    private static final Owner MUG = new Owner(null, "mug", "main");

    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_SPOOL", new StoreAddress(S3Server.BUCKET, "shop/thumbnails/"));
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        server.close();
    }

    @AfterEach
    void clear() {
        front.behave();
        server.clear();
    }

    @Override
    Thumbnails thumbnails() {
        return new ObjectThumbnails(store);
    }

    @Override
    long files() {
        return server.keys("shop/thumbnails/").size();
    }

    @Override
    void overwrite(byte[] content) {
        server.put(server.keys("").get(0), content);
    }

    @Test
    void emptiesWhatItMayNotDeleteAndShowsItNoMore() {
        Thumbnails thumbnails = thumbnails();
        thumbnails.keep(MUG, 7, Pictures.jpeg(1));
        front.refuse("DELETE", 403, "AccessDenied");

        thumbnails.remove(MUG, 7);

        assertThat(thumbnails.find(MUG, 7)).isEmpty();
        assertThat(sweepAll(Instant.MAX, label -> false)).isZero();
        front.behave();
        assertThat(new ObjectThumbnails(store).sweep(shard(), Instant.MAX, label -> false))
                .isOne();
        assertThat(files()).isZero();
    }

    private static int shard() {
        return Integer.parseInt(ThumbnailNames.of(MUG).substring(0, 2), 16);
    }
}
