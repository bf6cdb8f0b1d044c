package dev.vitrine.history;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Fills the tables of the history with jobs as years would, one a second up to now, one in a hundred of them failed. */
final class HistoryRows {
    private static final int PRODUCTS = 500_000;

    private final JdbcTemplate jdbc;

    HistoryRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Makes this many jobs with an attempt each. Indexes are made afterwards, which takes a third of the time. */
    void make(int jobs) {
        List<String> indexes = jdbc.queryForList(
                "select indexdef from pg_indexes where tablename = 'vitrine_job' and indexname not like '%pkey'",
                String.class);
        List<String> keys = new ArrayList<>();
        jdbc.queryForList(
                        "select 'alter table ' || conrelid::regclass || ' add constraint ' || conname || ' ' ||"
                                + " pg_get_constraintdef(oid) from pg_constraint where conrelid in"
                                + " ('vitrine_job'::regclass, 'vitrine_job_attempt'::regclass) and contype in ('p', 'f')"
                                + " order by contype desc",
                        String.class)
                .forEach(keys::add);
        indexes.forEach(index -> jdbc.execute("drop index " + index.split(" ")[2]));
        jdbc.execute("alter table vitrine_job_attempt drop constraint vitrine_job_attempt_job_id_fkey");
        jdbc.execute("alter table vitrine_job_attempt drop constraint vitrine_job_attempt_pkey");
        jdbc.execute("alter table vitrine_job drop constraint vitrine_job_pkey");
        String id = "'01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0')";
        String at = "date_trunc('second', now()) - (" + jobs + " - i) * interval '1 second'";
        String outcome = "case when i % 100 = 0 then 'failed' else 'completed' end";
        String reason = "case when i % 100 = 0 then 'the picture is damaged, number ' || i % 1000 end";
        jdbc.execute("insert into vitrine_job (job_id, product_id, image_id, name, status, attempts, created_at,"
                + " started_at, changed_at, worker, model, error) select " + id
                + ", 'product-' || (i * 7919::bigint) % "
                + PRODUCTS + ", 'image-' || i, 'Blue mug number ' || i, " + outcome + ", 1, " + at + ", " + at
                + " + interval '1 second', " + at + " + interval '2 seconds', 'worker-' || i % 4, 'clip-vit-b32', "
                + reason + " from generate_series(1, " + jobs + ") i");
        jdbc.execute(
                "insert into vitrine_job_attempt (job_id, lease, attempt, outcome, started_at, finished_at, worker,"
                        + " model, reason) select " + id + ", 'lease-' || i, 1, " + outcome + ", " + at
                        + " + interval '1 second', " + at
                        + " + interval '2 seconds', 'worker-' || i % 4, 'clip-vit-b32', "
                        + reason + " from generate_series(1, " + jobs + ") i");
        keys.forEach(jdbc::execute);
        indexes.forEach(jdbc::execute);
        jdbc.execute("vacuum analyze vitrine_job");
        jdbc.execute("vacuum analyze vitrine_job_attempt");
    }
}
