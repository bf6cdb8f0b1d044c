package dev.vitrine.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which picture of which product a content is.
 *
 * @param collection null for the main one
 * @param version of the upload
 * @param sha256 of the content, in hex
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ArchivedPicture(
        @JsonProperty("collection") String collection,
        @JsonProperty("product_id") String productId,
        @JsonProperty("image_id") String imageId,
        @JsonProperty("version") long version,
        @JsonProperty("sha256") String sha256) {}
