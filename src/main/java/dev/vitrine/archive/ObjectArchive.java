package dev.vitrine.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.Job;
import dev.vitrine.store.ObjectPage.StoredObject;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.Removals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * An {@link Archive} in an object store: {@code PART/OWNER/VERSION.img}, and with {@code VERSION.json}, which is put last, it
 * is kept. Uploads of one picture stand side by side until the sweep leaves the latest, so that nothing is read to keep one
 * and none replaces a later one. A content that many products show is there for each.
 */
public final class ObjectArchive implements Archive {
    private static final String PICTURE = ".img";
    private static final String LABEL = ".json";

    /** Versions are padded, so that their order is that of the keys. */
    private static final String VERSION = "%019d";

    /** Labels are fetched to be looked at, which has its price: all of them in eleven days. */
    private static final Duration SWEEP_PERIOD = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final Removals removals;
    private final Path work;

    /** @param work a folder on the local disk for pictures that are read; what is old there is nobody's */
    public ObjectArchive(ObjectStore store, Path work) {
        this.store = store;
        this.removals = new Removals(store);
        this.work = work;
    }

    @Override
    public void keep(Job job, Path picture) {
        String key = folder(job.pictureKey()) + "/" + VERSION.formatted(job.version());
        try {
            byte[] label = JSON.writeValueAsBytes(new ArchivedPicture(
                    job.collection(), job.productId(), job.imageId(), job.version(), Contents.sha256(picture)));
            store.put(key + PICTURE, Files.readAllBytes(picture));
            store.put(key + LABEL, label);
        } catch (IOException e) {
            throw new UncheckedIOException("The picture " + picture + " cannot be read for the archive", e);
        }
    }

    @Override
    public Optional<ArchivedFile> find(String pictureKey, long version) {
        Optional<String> latest = latest(pictureKey, version);
        if (latest.isEmpty()) {
            return Optional.empty();
        }
        Path file = work.resolve(".archived-" + UUID.randomUUID());
        return store.fetch(latest.get(), file) ? Optional.of(new ArchivedFile(file, true)) : Optional.empty();
    }

    @Override
    public boolean has(String pictureKey, long version) {
        return latest(pictureKey, version).isPresent();
    }

    /** The key of the latest picture that is kept. */
    private Optional<String> latest(String pictureKey, long version) {
        String folder = folder(pictureKey);
        String[] latest = new String[1];
        store.below(folder).forEach((object, now) -> {
            if (isLabel(object)) {
                latest[0] = version(object.key());
            }
        });
        return Optional.ofNullable(latest[0])
                .filter(there -> Long.parseLong(there) >= version)
                .map(there -> folder + "/" + there + PICTURE);
    }

    @Override
    public int sweep(int shard, Instant before, Predicate<ArchivedPicture> isWanted) {
        String part = HexFormat.of().toHexDigits((byte) shard);
        Map<String, TreeMap<String, StoredObject>> owners = new HashMap<>();
        store.below(part).forEach((object, now) -> owners.computeIfAbsent(owner(object.key()), owner -> new TreeMap<>())
                .put(object.key(), object));
        int removed = 0;
        for (TreeMap<String, StoredObject> objects : owners.values()) {
            Optional<StoredObject> latest =
                    objects.values().stream().filter(ObjectArchive::isLabel).reduce((one, later) -> later);
            boolean isKept = latest.isPresent()
                    && (!latest.get().modified().isBefore(before)
                            || label(part + "/" + latest.get().key())
                                    .filter(isWanted)
                                    .isPresent());
            for (StoredObject object : objects.descendingMap().values()) { // the label before its picture
                boolean stays = isKept
                        && version(object.key()).equals(version(latest.get().key()));
                if (!stays
                        && object.modified().isBefore(before)
                        && removals.clear(part + "/" + object.key(), object.bytes() == 0)
                        && object.key().endsWith(PICTURE)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** It may have gone a moment ago. */
    private Optional<ArchivedPicture> label(String key) {
        return store.get(key).filter(bytes -> bytes.length > 0).map(ObjectArchive::read);
    }

    private static ArchivedPicture read(byte[] label) {
        try {
            return JSON.readValue(label, ArchivedPicture.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A label of the archive cannot be read", e);
        }
    }

    @Override
    public Duration sweepPeriod() {
        return SWEEP_PERIOD;
    }

    @Override
    public void check() {
        store.list("", 1);
    }

    /** One that was to be deleted is empty. */
    private static boolean isLabel(StoredObject object) {
        return object.bytes() > 0 && object.key().endsWith(LABEL);
    }

    private static String owner(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('/')));
    }

    private static String version(String key) {
        return key.substring(key.lastIndexOf('/') + 1).replaceAll("\\..*", "");
    }

    private static String folder(String pictureKey) {
        String name = Owners.name(pictureKey);
        return name.substring(0, 2) + "/" + name;
    }
}
