package dev.vitrine.spool;

import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The record on disk of what is owed and of what was deleted. */
public final class SpoolPart implements Part {
    private final Spool spool;
    private final OwedProducts owedProducts;
    private final Tombstones tombstones;

    /** @param dataDir the data folder */
    public SpoolPart(Path dataDir) {
        spool = new Spool(dataDir.resolve("spool"));
        owedProducts = new OwedProducts(spool);
        tombstones = new Tombstones(dataDir.resolve("deleted"));
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

    @Override
    public void open() throws Exception {
        spool.open();
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(Offer.of("spool", Spool.class, this::spool));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.spool", spool.folder().toString());
    }
}
