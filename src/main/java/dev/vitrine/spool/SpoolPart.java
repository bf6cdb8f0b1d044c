package dev.vitrine.spool;

import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStores;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The record of what is owed and of what was deleted. */
public final class SpoolPart implements Part {
    /** The bean with which the endpoint of an object store writes. */
    private static final String CLIENT = "spoolClient";

    private final Path folder;
    /** What is below the address that is set; empty for a folder. */
    private final Optional<ObjectStore> store;

    private final Spool spool;
    private final OwedProducts owedProducts;
    private final Tombstones tombstones;

    /**
     * @param dataDir the data folder
     * @param work a folder on the local disk for pictures that are worked on
     */
    public SpoolPart(SpoolSettings settings, Path dataDir, Path work, Clock clock) {
        folder = settings.folder();
        store = settings.bucket().map(bucket -> new ObjectStores(settings.s3()).open("VITRINE_SPOOL", bucket));
        spool = store.<Spool>map(bucket -> new ObjectSpool(bucket.below("owed"), work, clock))
                .orElseGet(() -> new FolderSpool(settings.folder()));
        owedProducts = new OwedProducts(spool);
        tombstones = store.<Tombstones>map(bucket -> new ObjectTombstones(bucket.below("deleted"), clock))
                .orElseGet(() -> new FolderTombstones(dataDir.resolve("deleted")));
    }

    public Spool spool() {
        return spool;
    }

    /** Which products wait to be indexed. */
    public OwedProducts owedProducts() {
        return owedProducts;
    }

    public Tombstones tombstones() {
        return tombstones;
    }

    /**
     * Where other things lie beside the spool, where it is in an object store; empty where it is in a folder. Open for as long as
     * this part is.
     *
     * @param what one word
     */
    public Optional<ObjectStore> beside(String what) {
        return store.map(bucket -> bucket.below(what));
    }

    @Override
    public void open() throws Exception {
        spool.open();
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("spool", Spool.class, this::spool, this::spool),
                store.map(bucket -> Offer.of(CLIENT, Object.class, bucket::client, bucket::client))
                        .orElseGet(() -> Offer.of(CLIENT, Object.class, () -> null)));
    }

    @Override
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("vitrine.spool", folder.toString());
        properties.put("vitrine.spool.bucket", store.map(ObjectStore::bucket).orElse("none"));
        properties.put("vitrine.spool.route", store.isPresent() ? "spool-bucket" : "spool-folder");
        properties.put("vitrine.spool.in-folder", Boolean.toString(store.isEmpty()));
        properties.put("vitrine.spool.in-bucket", Boolean.toString(store.isPresent()));
        // Camel would have a site's own endpoints use this client as well.
        store.ifPresent(bucket -> properties.put("camel.component.aws2-s3.autowiredEnabled", "false"));
        return properties;
    }

    @Override
    public List<Probe> probes() {
        return List.of(Probe.informative("spool", spool::check)); // searches need none
    }

    @Override
    public void close() {
        store.ifPresent(ObjectStore::close);
    }
}
