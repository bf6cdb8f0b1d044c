package dev.vitrine.api;

import dev.vitrine.decoder.DecoderUnavailableException;
import dev.vitrine.decoder.TooManySearchesException;
import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.http.Problems;
import dev.vitrine.http.Problems.Problem;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.index.UnindexedFilterException;
import dev.vitrine.indexing.RefusedByIndexException;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.watchdog.StuckException;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;

/** What the failures of the parts below mean to a client: those of pictures, index, encoder and queue. */
public final class PartFailures {
    private PartFailures() {}

    /** The answer that a failure stands for; empty for one that is none of the parts' own. */
    public static Optional<Problem> problem(Exception failure) {
        if (failure instanceof UnusablePictureException e) {
            int status =
                    switch (e.reason()) {
                        case EMPTY -> 400;
                        case UNSUPPORTED -> 415;
                        case TOO_LARGE -> 413;
                        case DAMAGED, TOO_COSTLY, UNEMBEDDABLE -> 422;
                    };
            return Optional.of(
                    Problems.problem(status, e.getMessage(), List.of(new FieldError("image_file", e.getMessage()))));
        }
        if (failure instanceof UnknownCollectionException) {
            return Optional.of(Problems.problem(404, failure.getMessage(), List.of()));
        }
        if (failure instanceof UnindexedFilterException) {
            List<FieldError> errors = List.of(new FieldError(FilterReader.FIELD, failure.getMessage()));
            return Optional.of(Problems.problem(400, FilterReader.FIELD + ": " + failure.getMessage(), errors));
        }
        if (failure instanceof RefusedByIndexException) {
            return Optional.of(Problems.problem(422, failure.getMessage(), List.of()));
        }
        if (failure instanceof IndexUnavailableException) { // whose message says where it is
            return Optional.of(
                    Problems.problem(503, "The index cannot be reached; ask again in a few seconds.", List.of()));
        }
        if (failure instanceof TooManySearchesException) {
            return Optional.of(Problems.problem(429, failure.getMessage(), List.of()));
        }
        if (failure instanceof DecoderUnavailableException || failure instanceof StuckException) {
            return Optional.of(Problems.problem(503, failure.getMessage(), List.of()));
        }
        if (failure instanceof ObjectStoreException) { // whose message names buckets and rights
            return Optional.of(Problems.problem(
                    503, "The store of accepted uploads cannot be reached; ask again in a few seconds.", List.of()));
        }
        if (failure instanceof DataAccessException) {
            return Optional.of(
                    Problems.problem(503, "The job queue cannot be reached; ask again in a few seconds.", List.of()));
        }
        return Optional.empty();
    }
}
