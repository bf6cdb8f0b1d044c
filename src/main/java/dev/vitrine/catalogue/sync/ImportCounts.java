package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far an import is.
 *
 * @param products in the catalogue
 * @param pictures in the catalogue
 * @param done pictures of which it is settled what becomes of them
 * @param sent pictures that were sent
 * @param indexed of those, the ones that are in the index
 * @param updated pictures whose name or metadata was changed without embedding them again
 * @param unchanged pictures that needed nothing
 * @param skipped pictures of products that the shop does not show
 * @param withoutPicture products without a picture
 * @param failed pictures and rows that could not be imported
 * @param deleted pictures that the catalogue has no more
 * @param missing pictures that the catalogue has no more and that are in the index
 */
public record ImportCounts(
        @JsonProperty("products") long products,
        @JsonProperty("pictures") long pictures,
        @JsonProperty("done") long done,
        @JsonProperty("sent") long sent,
        @JsonProperty("indexed") long indexed,
        @JsonProperty("updated") long updated,
        @JsonProperty("unchanged") long unchanged,
        @JsonProperty("skipped") long skipped,
        @JsonProperty("without_picture") long withoutPicture,
        @JsonProperty("failed") long failed,
        @JsonProperty("deleted") long deleted,
        @JsonProperty("missing") long missing) {}
