package dev.vitrine.history;

import dev.vitrine.job.JobAttempt;
import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.Rfc3339;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Jobs as the history has them. While its database is away it knows no job, as the queue's own memory is what clients
 * are promised; the check {@code history} says so meanwhile. Pages are found by an index from where the last one ended, so
 * that each costs the same.
 */
public final class HistoryStore implements JobStore {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStore.class);

    private static final String COLUMNS =
            "job_id, product_id, image_id, name, collection, status, attempts, created_at,"
                    + " started_at, changed_at, model, error, digest";

    private final HistoryDatabase database;
    private final JdbcTemplate jdbc;

    HistoryStore(HistoryDatabase database) {
        this.database = database;
        this.jdbc = new JdbcTemplate(database);
        this.jdbc.setQueryTimeout(2);
    }

    @Override
    public Optional<JobState> find(String jobId) {
        return asked(
                () ->
                        jdbc
                                .query(
                                        "select " + COLUMNS + " from vitrine_job where job_id = ?",
                                        HistoryStore::state,
                                        jobId)
                                .stream()
                                .findFirst(),
                Optional.empty());
    }

    @Override
    public Map<String, JobState> findAll(Collection<String> jobIds) {
        Map<String, JobState> found = new HashMap<>();
        if (!jobIds.isEmpty()) {
            String places = String.join(", ", Collections.nCopies(jobIds.size(), "?"));
            asked(
                            () -> jdbc.query(
                                    "select " + COLUMNS + " from vitrine_job where job_id in (" + places + ")",
                                    HistoryStore::state,
                                    jobIds.toArray()),
                            List.<JobState>of())
                    .forEach(job -> found.put(job.id(), job));
        }
        return found;
    }

    /** The attempts at a job that have ended, the first one first. */
    @Override
    public List<JobAttempt> attempts(String jobId) {
        return asked(
                () -> jdbc.query(
                        "select attempt, outcome, started_at, finished_at, worker, model, reason, digest"
                                + " from vitrine_job_attempt where job_id = ? order by finished_at, attempt limit 1000",
                        HistoryStore::attempt,
                        jobId),
                List.of());
    }

    @Override
    public JobListing list(JobStatus status, String productId, int limit, JobCursor before) {
        if (status != null && !status.isTerminal()) {
            return new JobListing(List.of(), null); // what is not over is the queue's to say
        }
        // As the queue lists them: failed ones by their end, all others by their creation.
        String time = status == JobStatus.FAILED ? "changed_at" : "created_at";
        StringBuilder sql = new StringBuilder("select " + COLUMNS + " from vitrine_job where true");
        List<Object> values = new ArrayList<>();
        if (status != null) {
            sql.append(" and status = ?");
            values.add(status.wireName());
        }
        if (productId != null) {
            sql.append(" and product_id = ?");
            values.add(productId);
        }
        if (before != null) {
            Timestamp at = Timestamp.from(Instant.ofEpochMilli(before.at()));
            sql.append(" and (" + time + " < ? or (" + time + " = ? and job_id < ?))");
            values.addAll(List.of(at, at, before.id()));
            sql.append(" and " + time + " <= ?");
            values.add(at);
        }
        sql.append(" order by " + time + " desc, job_id desc limit ?");
        values.add(limit + 1);
        List<JobState> jobs = asked(() -> jdbc.query(sql.toString(), HistoryStore::state, values.toArray()), List.of());
        List<JobListing.Entry> entries = jobs.stream()
                .limit(limit)
                .map(job -> new JobListing.Entry(job, place(job, status)))
                .toList();
        return new JobListing(
                entries, jobs.size() > limit ? entries.get(limit - 1).place() : null);
    }

    private static JobCursor place(JobState job, JobStatus status) {
        String time = status == JobStatus.FAILED ? job.finishedAt() : job.createdAt();
        return new JobCursor(Rfc3339.millis(time), job.id());
    }

    private <T> T asked(Supplier<T> question, T otherwise) {
        if (!database.isUp()) {
            return otherwise;
        }
        try {
            return question.get();
        } catch (DataAccessException e) {
            LOG.debug("The history does not answer", e);
            return otherwise;
        }
    }

    private static JobState state(ResultSet row, int number) throws SQLException {
        JobStatus status = JobStatus.ofWireName(row.getString("status"));
        return new JobState(
                row.getString("job_id"),
                row.getString("product_id"),
                known(row.getString("image_id")),
                known(row.getString("name")),
                status,
                row.getInt("attempts"),
                time(row, "created_at"),
                time(row, "started_at"),
                status.isTerminal() ? time(row, "changed_at") : null,
                row.getString("model"),
                row.getString("error"),
                row.getString("digest"),
                row.getString("collection"));
    }

    private static JobAttempt attempt(ResultSet row, int number) throws SQLException {
        return new JobAttempt(
                row.getInt("attempt"),
                JobStatus.ofWireName(row.getString("outcome")),
                time(row, "started_at"),
                time(row, "finished_at"),
                row.getString("worker"),
                row.getString("model"),
                row.getString("reason"),
                row.getString("digest"));
    }

    /** The history may know of a job's end alone, where its files were lost. */
    private static String known(String text) {
        return text == null ? "" : text;
    }

    private static String time(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : Rfc3339.format(time.toInstant());
    }
}
