package dev.vitrine.spool;

import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ObjectSpoolTest extends SpoolContract {
    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    @TempDir
    private Path work;

    private Spool spool;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_SPOOL", new StoreAddress(S3Server.BUCKET, "shop/owed/"));
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        server.close();
    }

    @BeforeEach
    void open() {
        spool = new ObjectSpool(store, work, Clock.systemUTC()).open();
    }

    @AfterEach
    void clear() {
        front.behave();
        server.clear();
    }

    @Override
    Spool spool() {
        return spool;
    }

    @Override
    void write(String name, byte[] content) {
        server.put(name, content);
    }

    @Override
    List<String> kept() {
        return server.keys("");
    }

    @Override
    void age() {
        front.timeIs(Duration.ofHours(1));
    }
}
