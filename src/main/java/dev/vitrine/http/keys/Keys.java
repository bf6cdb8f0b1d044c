package dev.vitrine.http.keys;

import dev.vitrine.http.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that are valid now. The file is looked at once a second at most, when somebody comes, so that a change needs no
 * restart; one that cannot be read, or is gone, changes nothing, as nobody should come in because of it.
 *
 * <p>Thread-safe.
 */
public final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final long LOOK_AGAIN = Duration.ofSeconds(1).toNanos();

    /** The name of the key that {@code VITRINE_API_KEY} sets. */
    public static final String CONFIGURED = "VITRINE_API_KEY";

    /** What became of a key that somebody showed. */
    public record Found(ApiKey key, boolean expired) {
        /** Who showed it. */
        public Caller caller() {
            return new Caller(key.name(), key.role(), key.collections());
        }
    }

    private record Stamp(long modified, long size, Object file) {}

    private final KeysFile file;
    private final Clock clock;
    private final List<ApiKey> configured;
    private final AtomicLong looked = new AtomicLong();
    private volatile List<ApiKey> keys;
    private volatile boolean inForce;
    private volatile Stamp stamp;

    /**
     * Reads the file, where there is one.
     *
     * @param configured the key with all rights that the configuration sets; null for none
     * @throws IOException where the file cannot be read; its message says what to do
     */
    public Keys(String configured, KeysFile file, Clock clock) throws IOException {
        this.file = file;
        this.clock = clock;
        this.configured = configured == null
                ? List.of()
                : List.of(ApiKey.of(configured, CONFIGURED, Role.ADMIN, List.of(), clock.instant(), null));
        this.keys = this.configured;
        this.inForce = configured != null;
        try {
            look();
        } catch (IOException e) {
            throw new IOException(
                    "The keys file " + file.path() + " cannot be used: " + e.getMessage()
                            + ". Mend it, or remove it and make keys with ./vitrine key create",
                    e);
        }
        looked.set(System.nanoTime());
    }

    /** Whether a key is needed. */
    public boolean areInForce() {
        refresh();
        return inForce;
    }

    /**
     * What is known of a key that somebody shows. Every key is compared, in a time that says nothing of how much fits.
     *
     * @return null where it is unknown
     */
    public Found find(String shown) {
        refresh();
        byte[] hash = ApiKey.hash(shown).getBytes(StandardCharsets.US_ASCII);
        ApiKey found = null;
        for (ApiKey key : keys) {
            if (MessageDigest.isEqual(hash, key.sha256().getBytes(StandardCharsets.US_ASCII))) {
                found = key;
            }
        }
        return found == null ? null : new Found(found, found.isExpired(clock.instant()));
    }

    private void refresh() {
        long last = looked.get();
        long now = System.nanoTime();
        if (now - last < LOOK_AGAIN || !looked.compareAndSet(last, now)) {
            return;
        }
        try {
            look();
        } catch (IOException e) {
            LOG.error(
                    "The keys file {} cannot be used: {}. The keys of before stay in force",
                    file.path(),
                    e.getMessage());
        }
    }

    private synchronized void look() throws IOException {
        Stamp now = stamp();
        if (now == null ? stamp == null : now.equals(stamp)) {
            return;
        }
        Stamp before = stamp;
        stamp = now; // what is wrong with a file is said once
        if (now == null) {
            throw new IOException("it is gone");
        }
        List<ApiKey> all = new ArrayList<>(configured);
        all.addAll(file.read());
        keys = List.copyOf(all);
        inForce = true;
        if (before != null) {
            LOG.info("The keys file {} has {} keys now", file.path(), all.size() - configured.size());
        }
    }

    private Stamp stamp() throws IOException {
        if (!file.exists()) {
            return null;
        }
        BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
        return new Stamp(
                attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                attributes.size(),
                attributes.fileKey());
    }
}
