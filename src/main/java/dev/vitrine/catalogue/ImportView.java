package dev.vitrine.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.catalogue.sync.ImportCounts;
import dev.vitrine.catalogue.sync.Tally;

/**
 * An import as clients see it.
 *
 * @param format what the catalogue was taken for; null while that is not known
 * @param error why it ended without success, or did not delete what it was asked to; null otherwise
 */
public record ImportView(
        @JsonProperty("import_id") String id,
        @JsonProperty("name") String name,
        @JsonProperty("status") Status status,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("finished_at") String finishedAt,
        @JsonProperty("format") String format,
        @JsonProperty("dry_run") boolean dryRun,
        @JsonProperty("counts") ImportCounts counts,
        @JsonProperty("error") String error) {

    /** How far it is. */
    public enum Status {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("cancelled")
        CANCELLED
    }

    /** One that has not begun. */
    static ImportView queued(ImportRequest request) {
        return of(request, Status.QUEUED, null, null, null, null);
    }

    /** @param counts null for nothing done */
    static ImportView of(
            ImportRequest request, Status status, String finishedAt, String format, ImportCounts counts, String error) {
        return new ImportView(
                request.id(),
                request.name(),
                status,
                request.createdAt(),
                finishedAt,
                format,
                request.dryRun(),
                counts == null ? new Tally().counts() : counts,
                error);
    }
}
