package dev.vitrine.history;

import dev.vitrine.part.ClockDifference;
import dev.vitrine.part.Diagnosis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** Looks at the history of jobs, as an operator would. It changes nothing there. */
public final class HistoryExamination {
    private static final int OLDEST_VERSION = 13;
    private static final int MUCH = 10;

    private final HistorySettings settings;
    private final Path folder;
    private final boolean isAlone;
    private final Clock clock;

    /**
     * @param folder of the outbox and of the embedded database
     * @param isAlone whether one process is the whole service
     */
    public HistoryExamination(HistorySettings settings, Path folder, boolean isAlone, Clock clock) {
        this.settings = settings;
        this.folder = folder;
        this.isAlone = isAlone;
        this.clock = clock;
    }

    /** What is seen now; a database that does not answer is a finding and no exception. */
    public List<Diagnosis> run() {
        if (settings.isNone()) {
            return List.of(Diagnosis.good("history", "none: jobs are remembered for VITRINE_JOB_TTL"));
        }
        List<Diagnosis> all = new ArrayList<>();
        if (settings.isEmbedded()) {
            all.add(
                    isAlone
                            ? Diagnosis.good("history", "embedded, in the data folder; for one process")
                            : Diagnosis.advice(
                                    "history",
                                    "several processes keep none without PostgreSQL",
                                    "set VITRINE_HISTORY_URL=jdbc:postgresql://…, or none"));
        } else {
            all.addAll(database());
        }
        all.add(outbox());
        return all;
    }

    private List<Diagnosis> database() {
        Properties limits = new Properties();
        limits.setProperty("connectTimeout", "3");
        limits.setProperty("socketTimeout", "5");
        limits.setProperty("prepareThreshold", "0");
        try (Connection connection = DriverManager.getConnection(settings.url(), limits)) {
            List<Diagnosis> all = new ArrayList<>();
            int version = connection.getMetaData().getDatabaseMajorVersion();
            all.add(
                    version < OLDEST_VERSION
                            ? Diagnosis.fault(
                                    "postgresql",
                                    settings.place() + " is version " + version,
                                    "use PostgreSQL " + OLDEST_VERSION + " or newer")
                            : Diagnosis.good(
                                    "postgresql",
                                    settings.place() + " answers, version "
                                            + connection.getMetaData().getDatabaseProductVersion()));
            all.add(tables(connection));
            all.add(ClockDifference.of("PostgreSQL", clock, () -> now(connection)));
            return all;
        } catch (Exception e) {
            return List.of(Diagnosis.fault(
                    "postgresql",
                    settings.place() + ": " + HistoryDatabase.words(e),
                    "start it, or check VITRINE_HISTORY_URL; jobs go on meanwhile, and their history waits on disk"));
        }
    }

    private static Diagnosis tables(Connection connection) throws SQLException {
        String subject = "postgresql tables";
        try (Statement statement = connection.createStatement()) {
            if (one(statement, "select to_regclass('vitrine_history_schema') is null")
                    .equals("t")) {
                return one(statement, "select has_schema_privilege(current_schema(), 'create')")
                                .equals("t")
                        ? Diagnosis.good(subject, "not there yet; they are made at the first start")
                        : Diagnosis.fault(
                                subject,
                                "not there, and the user may not make them",
                                "grant create on schema public to the user of VITRINE_HISTORY_URL");
            }
            int least = Integer.parseInt(one(statement, "select max(least) from vitrine_history_schema"));
            if (least > HistoryDatabase.SCHEMA) {
                return Diagnosis.fault(
                        subject,
                        "made by a newer program, which needs schema " + least,
                        "start that version here; this one knows schema " + HistoryDatabase.SCHEMA);
            }
            if (one(statement, "select has_table_privilege('vitrine_job', 'insert, update, delete')")
                            .equals("f")
                    || one(statement, "select pg_is_in_recovery()").equals("t")) {
                return Diagnosis.fault(
                        subject,
                        "they cannot be written: the server is a replica, or the user lacks a right",
                        "name the primary in VITRINE_HISTORY_URL, and grant select, insert, update, delete on the"
                                + " tables vitrine_…");
            }
            // An estimate by the server's own statistics, as counting would read the whole table.
            String rows =
                    one(statement, "select greatest(reltuples, 0)::bigint from pg_class where relname = 'vitrine_job'");
            return Diagnosis.good(
                    subject,
                    "about " + rows + " jobs in "
                            + one(
                                    statement,
                                    "select pg_size_pretty(pg_total_relation_size('vitrine_job')"
                                            + " + pg_total_relation_size('vitrine_job_attempt'))"));
        }
    }

    private static String one(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    private Diagnosis outbox() {
        String subject = "history on disk";
        Path outbox = folder.resolve("outbox");
        if (!Files.isDirectory(outbox)) {
            return Diagnosis.good(subject, "nothing waits");
        }
        long waiting = 0;
        long refused = 0;
        try (Stream<Path> files = Files.walk(outbox)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getParent().endsWith("refused")) {
                    refused++;
                } else {
                    waiting += file.toFile().length();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return Diagnosis.fault(subject, outbox + " cannot be read", "give it to the user whom the service runs as");
        }
        String found = waiting / 1_024 + " KB wait of " + settings.buffer() / 1_048_576 + " MB";
        if (refused > 0) {
            return Diagnosis.advice(
                    subject,
                    found + "; " + refused + " files were refused by the database",
                    "look into " + outbox + "/*/refused and the log, then delete them");
        }
        return waiting > settings.buffer() / MUCH
                ? Diagnosis.advice(
                        subject,
                        found,
                        "the database is away or slow; beyond VITRINE_HISTORY_BUFFER history is dropped")
                : Diagnosis.good(subject, found);
    }
}
