package dev.vitrine.job;

import java.util.List;

/**
 * What a store found of a listing, newest first.
 *
 * @param next where to go on; null where nothing is left
 */
public record JobListing(List<Entry> entries, JobCursor next) {

    /** A job and its place among the others. */
    public record Entry(JobState job, JobCursor place) {}
}
