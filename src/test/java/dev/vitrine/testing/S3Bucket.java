package dev.vitrine.testing;

import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A bucket for all tests of a class, behind a front that can misbehave; empty and well-behaved before each of them. */
public final class S3Bucket implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private final String setting;
    private final String prefix;
    private S3Server server;
    private S3Front front;
    private ObjectStore store;

    /**
     * @param setting names the store in messages
     * @param prefix what all keys of the store begin with
     */
    public S3Bucket(String setting, String prefix) {
        this.setting = setting;
        this.prefix = prefix;
    }

    /** What the bucket holds, seen from its own side. */
    public S3Server server() {
        return server;
    }

    public S3Front front() {
        return front;
    }

    /** As the service reaches it. */
    public ObjectStore store() {
        return store;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open(setting, new StoreAddress(S3Server.BUCKET, prefix));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        front.behave();
        server.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        store.close();
        front.close();
        server.close();
    }
}
