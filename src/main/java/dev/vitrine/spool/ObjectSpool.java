package dev.vitrine.spool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectPage;
import dev.vitrine.store.ObjectPage.StoredObject;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStoreException.Reason;
import dev.vitrine.store.Removals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Spool} in an object store. An object that was put is durable, so the record is put under its last name, after the
 * picture, and with it the job is owed. Where objects may not be deleted they are emptied: an empty record owes nothing.
 */
public final class ObjectSpool implements Spool {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectSpool.class);

    private static final String PICTURE = ".img";
    private static final String RECORD = ".json";

    /** No upload in parts takes so long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final ObjectStore store;
    private final Path work;
    private final ObjectReader jobs = new ObjectMapper().readerFor(Job.class);
    private final Removals removals;
    private final Census census;

    /**
     * @param work a folder on the local disk for pictures while they are worked on; what is old there is nobody's
     */
    public ObjectSpool(ObjectStore store, Path work, Clock clock) {
        this.store = store;
        this.work = work;
        this.removals = new Removals(store);
        this.census = new Census(clock);
    }

    @Override
    public ObjectSpool open() {
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + work + " cannot be made", e);
        }
        try {
            check();
        } catch (ObjectStoreException e) {
            if (e.reason() != Reason.AWAY) {
                throw e;
            }
            LOG.warn("Uploads are refused until the spool can be reached");
        }
        return this;
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public Path disk() {
        return work;
    }

    @Override
    public String pictureName(String jobId) {
        return store.path(key(jobId, PICTURE));
    }

    @Override
    public String recordName(String jobId) {
        return store.path(key(jobId, RECORD));
    }

    /** Fetches the picture where it is not here yet. */
    @Override
    public Path picture(String jobId) {
        Path file = local(jobId);
        if (Files.exists(file)) {
            return file;
        }
        Path part = work.resolve(".part-" + UUID.randomUUID());
        try {
            if (store.fetch(key(jobId, PICTURE), part)) {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("The picture cannot be written to " + work, e);
        } finally {
            part.toFile().delete();
        }
    }

    @Override
    public Optional<Job> find(String jobId) {
        Optional<byte[]> record = store.get(key(jobId, RECORD)).filter(bytes -> bytes.length > 0);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(jobs.readValue(record.get()));
        } catch (IOException e) {
            throw new UncheckedIOException("The record of job " + jobId + " in " + place() + " cannot be read", e);
        }
    }

    @Override
    public boolean owes(String jobId) {
        return store.size(key(jobId, RECORD)) > 0;
    }

    /** Both objects are durable by now. */
    @Override
    public void commit(String jobId) {}

    @Override
    public void remove(String jobId) {
        removals.remove(key(jobId, RECORD));
        removals.remove(key(jobId, PICTURE));
        local(jobId).toFile().delete();
    }

    /** What cannot be removed now is removed later: an upload that was refused is not to come back. */
    @Override
    public void discard(String jobId) {
        removals.owe(key(jobId, RECORD));
        removals.owe(key(jobId, PICTURE));
        local(jobId).toFile().delete();
        removals.settle();
    }

    @Override
    public String someOwed(String cursor, int most, Consumer<String> action) {
        return walk(cursor, most, (picture, record, now) -> {
            if (record != null && record.bytes() > 0) {
                action.accept(id(record.key(), RECORD));
            }
        });
    }

    @Override
    public SpoolUse use() {
        if (census.isDue()) {
            walk("", Integer.MAX_VALUE, (picture, record, now) -> {});
        }
        try {
            return new SpoolUse(
                    census.objects(), census.bytes(), Files.getFileStore(work).getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("The disk of " + work + " does not tell its room", e);
        }
    }

    @Override
    public Swept sweep(Duration age, String cursor, int most) {
        removals.settle();
        int[] removed = new int[1];
        String next = walk(cursor, most, (picture, record, now) -> {
            Instant before = now.minus(age);
            boolean owed = record != null && record.bytes() > 0;
            if (record != null && !owed) {
                removed[0] += clear(record, before);
            }
            if (picture != null
                    && !owed
                    && !(picture.modified().isBefore(before) && owes(id(picture.key(), PICTURE)))) {
                removed[0] += clear(picture, before);
            }
        });
        if (next.isEmpty()) {
            abortUploads();
        }
        return new Swept(removed[0], next);
    }

    private int clear(StoredObject object, Instant before) {
        boolean old = object.modified().isBefore(before);
        return old && removals.clear(object.key(), object.bytes() == 0) ? 1 : 0;
    }

    private void abortUploads() {
        if (!census.isHourOver()) {
            return;
        }
        try {
            int aborted = store.abortUploads(ABANDONED);
            if (aborted > 0) {
                LOG.info("Gave up {} uploads in parts below {} that nobody had ended for a day", aborted, place());
            }
        } catch (ObjectStoreException e) {
            LOG.debug("Uploads in parts below {} cannot be looked at", place(), e);
        }
    }

    /** Looks at what there is of a job; one of the two may be null. */
    @FunctionalInterface
    private interface Visit {
        void see(StoredObject picture, StoredObject record, Instant now);
    }

    /** The two objects of a job are neighbours, the picture first. */
    private String walk(String cursor, int most, Visit visit) {
        Census.Count count = census.begin(cursor.isEmpty());
        String after = cursor;
        int seen = 0;
        StoredObject picture = null;
        while (true) {
            ObjectPage page = store.list(after, ObjectStore.PAGE);
            for (StoredObject object : page.objects()) {
                count.add(object);
                boolean isRecord = object.key().endsWith(RECORD);
                if (picture != null) {
                    boolean isPair = isRecord && id(object.key(), RECORD).equals(id(picture.key(), PICTURE));
                    visit.see(picture, isPair ? object : null, page.now());
                    picture = null;
                    if (isPair) {
                        continue;
                    }
                }
                if (isRecord) {
                    visit.see(null, object, page.now());
                } else if (object.key().endsWith(PICTURE)) {
                    picture = object;
                }
            }
            seen += page.objects().size();
            if (page.isLast()) {
                if (picture != null) {
                    visit.see(picture, null, page.now());
                }
                count.end();
                return "";
            }
            after = page.objects().get(page.objects().size() - 1).key();
            if (seen >= most && picture == null) {
                return after;
            }
        }
    }

    @Override
    public void check() {
        store.list("", 1);
    }

    private Path local(String jobId) {
        return work.resolve("spooled-" + jobId);
    }

    private static String key(String jobId, String suffix) {
        return Shard.of(jobId) + "/" + jobId + suffix;
    }

    private static String id(String key, String suffix) {
        return key.substring(key.indexOf('/') + 1, key.length() - suffix.length());
    }
}
