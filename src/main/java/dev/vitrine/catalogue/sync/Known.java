package dev.vitrine.catalogue.sync;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is remembered of a picture that was sent.
 *
 * @param catalogue which catalogue it came from
 * @param picture its URL or path, as the catalogue has it
 * @param place its whole URL or path; null where an earlier version of the program remembered it
 * @param etag validator of the URL; null for none
 * @param lastModified validator of the URL; null for none
 * @param hash SHA-256 of the picture's bytes
 * @param details hash of its name and metadata
 * @param jobId under which it was accepted
 * @param isDone whether the job ended well
 * @param version of the upload, as the index has it; 0 where that is not known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Known(
        @JsonProperty("c") String catalogue,
        @JsonProperty("p") String picture,
        @JsonProperty("u") String place,
        @JsonProperty("e") String etag,
        @JsonProperty("m") String lastModified,
        @JsonProperty("h") String hash,
        @JsonProperty("d") String details,
        @JsonProperty("j") String jobId,
        @JsonProperty("ok") boolean isDone,
        @JsonProperty("v") long version) {

    Known done(long accepted) {
        return new Known(catalogue, picture, place, etag, lastModified, hash, details, jobId, true, accepted);
    }

    /** The job failed: the next run tries again, under a new key. */
    Known failed() {
        return new Known(catalogue, picture, place, null, null, "", "", jobId, true, 0);
    }

    Known of(String named, String newDetails, Picture fetched) {
        return new Known(
                named,
                picture,
                place,
                fetched.etag(),
                fetched.lastModified(),
                hash,
                newDetails,
                jobId,
                isDone,
                version);
    }

    /** Its URL may have another query than before. */
    Known at(Wanted wanted, String newPlace) {
        return new Known(
                catalogue, wanted.picture(), newPlace, etag, lastModified, hash, details, jobId, isDone, version);
    }
}
