package dev.vitrine.api;

import dev.vitrine.http.ProblemException;
import dev.vitrine.job.JobState;
import dev.vitrine.job.Rfc3339;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * What is asked of jobs beside their status and product.
 *
 * @param reason text that is in the reason of the failure, in lower case; null for any
 * @param since accepted then or later, ms since the epoch
 * @param until accepted before
 */
record JobMatch(String reason, long since, long until) {

    /**
     * Reads query parameters, each null where it was not sent.
     *
     * @throws ProblemException 400 for what is no time
     */
    static JobMatch read(String reason, String since, String until) {
        return new JobMatch(
                reason == null || reason.isBlank() ? null : reason.strip().toLowerCase(Locale.ROOT),
                time("since", since, Long.MIN_VALUE),
                time("until", until, Long.MAX_VALUE));
    }

    private static long time(String field, String text, long otherwise) {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        try {
            return Instant.parse(text.strip()).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw ProblemException.ofField(400, field, "must be a time such as 2026-01-31T12:00:00Z");
        }
    }

    /** Whether nothing is asked. */
    boolean isAll() {
        return reason == null && since == Long.MIN_VALUE && until == Long.MAX_VALUE;
    }

    /** Whether a job is as asked. */
    boolean meets(JobState job) {
        if (reason != null
                && (job.error() == null || !job.error().toLowerCase(Locale.ROOT).contains(reason))) {
            return false;
        }
        if (since == Long.MIN_VALUE && until == Long.MAX_VALUE) {
            return true;
        }
        if (job.createdAt() == null) {
            return false;
        }
        long created = Rfc3339.millis(job.createdAt());
        return created >= since && created < until;
    }
}
