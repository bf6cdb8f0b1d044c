package dev.vitrine.index.thumbnail;

import dev.vitrine.store.ObjectPage.StoredObject;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.Removals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@link Thumbnails} in an object store. Of two uploads of one picture that are kept at the same moment by two processes the
 * earlier may stay; then none is shown, as after a loss.
 */
public final class ObjectThumbnails implements Thumbnails {
    /** Each is fetched to be looked at, which has its price: all of them in eleven days. */
    private static final Duration SWEEP_PERIOD = Duration.ofHours(1);

    private final ObjectStore store;
    private final Removals removals;

    public ObjectThumbnails(ObjectStore store) {
        this.store = store;
        this.removals = new Removals(store);
    }

    @Override
    public void keep(Owner owner, long version, byte[] jpeg) {
        String name = ThumbnailNames.of(owner);
        if (label(name).filter(label -> label.version() > version).isEmpty()) {
            store.put(name, new Label(owner, version).on(jpeg));
        }
    }

    @Override
    public Optional<byte[]> find(Owner owner, long version) {
        return store.get(ThumbnailNames.of(owner)).filter(jpeg -> Label.of(jpeg)
                .filter(label -> label.version() == version && label.owner().equals(owner))
                .isPresent());
    }

    @Override
    public void remove(Owner owner, long version) {
        String name = ThumbnailNames.of(owner);
        if (label(name).filter(label -> label.version() <= version).isPresent()) {
            removals.remove(name);
        }
    }

    @Override
    public int sweep(int shard, Instant before, Predicate<Label> isWanted) {
        String part = ThumbnailNames.part(shard);
        List<StoredObject> old = new ArrayList<>();
        store.below(part).forEach((object, now) -> {
            if (object.modified().isBefore(before)) {
                old.add(object);
            }
        });
        int removed = 0;
        for (StoredObject object : old) {
            String name = part + "/" + object.key();
            if ((object.bytes() == 0 || label(name).filter(isWanted).isEmpty())
                    && removals.clear(name, object.bytes() == 0)) {
                removed++;
            }
        }
        return removed;
    }

    @Override
    public Duration sweepPeriod() {
        return SWEEP_PERIOD;
    }

    private Optional<Label> label(String name) {
        return store.get(name).flatMap(Label::of);
    }
}
