package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is remembered of a picture that was sent.
 *
 * @param catalogue which catalogue it came from
 * @param picture its URL or path
 * @param etag validator of the URL; null for none
 * @param lastModified validator of the URL; null for none
 * @param hash SHA-256 of the picture's bytes
 * @param details hash of its name and metadata
 * @param jobId under which it was accepted
 * @param isDone whether the job ended well
 */
record Known(
        @JsonProperty("c") String catalogue,
        @JsonProperty("p") String picture,
        @JsonProperty("e") String etag,
        @JsonProperty("m") String lastModified,
        @JsonProperty("h") String hash,
        @JsonProperty("d") String details,
        @JsonProperty("j") String jobId,
        @JsonProperty("ok") boolean isDone) {

    Known done() {
        return new Known(catalogue, picture, etag, lastModified, hash, details, jobId, true);
    }

    /** The job failed: the next run tries again, under a new key. */
    Known failed() {
        return new Known(catalogue, picture, null, null, "", "", jobId, true);
    }

    Known of(String named, String newDetails, Picture fetched) {
        return new Known(named, picture, fetched.etag(), fetched.lastModified(), hash, newDetails, jobId, isDone);
    }

    /** Its URL may have another query than before. */
    Known at(Wanted wanted) {
        return new Known(catalogue, wanted.picture(), etag, lastModified, hash, details, jobId, isDone);
    }
}
