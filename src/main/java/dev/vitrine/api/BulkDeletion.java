package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.Metadata;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.Tombstones;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Removes whatever meets a filter. */
public final class BulkDeletion {

    /** How many pictures were removed from the index. */
    public record Deleted(@JsonProperty("deleted") int deleted) {}

    private final ProductCollections indexes;
    private final Spool spool;
    private final Tombstones tombstones;
    private final LongSupplier versions;

    /**
     * @param spool holds what waits to be indexed
     * @param tombstones remember what was deleted
     * @param versions gives what is accepted now its version
     */
    public BulkDeletion(ProductCollections indexes, Spool spool, Tombstones tombstones, LongSupplier versions) {
        this.indexes = indexes;
        this.spool = spool;
        this.tombstones = tombstones;
        this.versions = versions;
    }

    /**
     * Removes the pictures that meet a filter, and those of uploads that meet it, were accepted before and are not indexed
     * yet. An upload of the same picture that does not meet it still counts.
     *
     * @param filter JSON text; one that everything meets is refused
     * @param collection null for the main one
     * @throws ProblemException 400 where there is no filter
     * @throws dev.vitrine.index.UnindexedFilterException where the index would have to look at too many points
     */
    public Deleted delete(@Header("filter") String filter, @Variable("collection") String collection) {
        Filter wanted = FilterReader.read(filter)
                .orElseThrow(() -> ProblemException.ofField(
                        400,
                        FilterReader.FIELD,
                        "is missing or empty, and without it every product would go; send for example"
                                + " filter={\"sold_out\":true}, percent-encoded"));
        ProductIndex index = indexes.of(collection);
        index.admit(wanted); // before anything is remembered as deleted
        String known = indexes.known(collection);
        long version = versions.getAsLong();
        // Before the index: a job leaves the spool when the index has its picture.
        spool.forEachOwed(id -> spool.find(id)
                .filter(job ->
                        Objects.equals(job.collection(), known) && wanted.isMetBy(Metadata.canonical(job.metadata())))
                .ifPresent(job -> tombstones.remember(job.pictureKey(), job.version())));
        return new Deleted(index.delete(wanted, version));
    }
}
