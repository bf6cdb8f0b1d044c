package dev.vitrine.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database of the history. It is opened in the background, again and again until it can be, and asked now and then
 * whether it still answers; meanwhile whoever wants a connection gets an exception at once.
 */
final class HistoryDatabase extends AbstractDataSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryDatabase.class);

    /** The newest schema that this program knows: what {@code db/history} makes. */
    static final int SCHEMA = 1;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 4;

    private final HistorySettings settings;
    private final HikariDataSource pool;
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "history-database"));
    private volatile boolean migrated;
    private volatile boolean tried;
    private volatile String fault = "it is being opened";
    private volatile String saidFailure;
    private String said;

    /** @param folder of the embedded database */
    HistoryDatabase(HistorySettings settings, Path folder) {
        this.settings = settings;
        this.pool = new HikariDataSource(lazy(settings, folder));
    }

    /** Opens it in the background, and looks after it from now on. */
    void begin() {
        rounds.scheduleWithFixedDelay(this::look, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static HikariConfig lazy(HistorySettings settings, Path folder) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("history");
        if (settings.isEmbedded()) {
            config.setJdbcUrl("jdbc:h2:file:" + folder.resolve("history").toAbsolutePath()
                    + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=1000"
                    + ";WRITE_DELAY=0");
        } else {
            config.setJdbcUrl(settings.url());
            // Prepared statements of the server do not survive PgBouncer in transaction mode.
            config.addDataSourceProperty("prepareThreshold", "0");
            config.addDataSourceProperty("connectTimeout", "2");
            config.addDataSourceProperty("socketTimeout", "20");
            config.addDataSourceProperty("ApplicationName", "vitrine");
            config.addDataSourceProperty("reWriteBatchedInserts", "true");
        }
        // Told, as HikariCP never asks again where the server goes away in the moment in which it asks for the default.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setInitializationFailTimeout(-1); // it may come later
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setValidationTimeout(1_000);
        config.setKeepaliveTime(0);
        return config;
    }

    /** Whether the database answered when it was last asked, and can be worked with. */
    boolean isUp() {
        return fault == null;
    }

    /** Notes that the database did not take something, so that nothing more is tried before it answers again. */
    void failed(Throwable cause) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (one instanceof HistoryAwayException) {
                return;
            }
        }
        String why = words(cause);
        fault = why;
        renewConnections();
        if (!why.equals(saidFailure)) {
            saidFailure = why;
            LOG.warn("The history of jobs in {} did not take something: {}. It is tried again", settings.place(), why);
        }
    }

    /**
     * Returns where the database can be worked with, or was not tried yet.
     *
     * @throws IllegalStateException that says why it cannot
     */
    void check() {
        String now = fault;
        if (now != null && tried) {
            throw new IllegalStateException("The history of jobs in " + settings.place() + " is away: " + now
                    + ". Jobs go on; what ends meanwhile waits on disk (VITRINE_HISTORY_URL)");
        }
    }

    private void look() {
        try {
            if (!migrated) {
                migrate();
                migrated = true;
            }
            try (Connection connection = pool.getConnection()) {
                if (!connection.isValid(1)) {
                    throw new SQLException("it does not answer");
                }
                try (Statement statement = connection.createStatement()) {
                    statement.execute("select max(least) from vitrine_history_schema");
                }
            }
            fault = null;
        } catch (SQLException | RuntimeException | LinkageError e) {
            fault = words(e);
            renewConnections();
            LOG.debug("The history cannot be used", e);
        }
        if (rounds.isShutdown()) {
            return; // what failed now is that the service stops
        }
        tried = true;
        String now = fault;
        if (now != null && !now.equals(said)) {
            LOG.warn(
                    "The history of jobs in {} cannot be used: {}. Jobs go on; trying again every {} s",
                    settings.place(),
                    now,
                    ROUND.toSeconds());
        } else if (now == null && said != null) {
            LOG.info("The history of jobs is in {}", settings.isEmbedded() ? "the data folder" : settings.place());
        }
        said = now;
    }

    /** H2 stays closed after it met a full disk, for as long as one connection from before is open. */
    private void renewConnections() {
        if (pool.getHikariPoolMXBean() != null) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Flyway locks, so that several processes may start on an empty database; it leaves what is newer alone. */
    private void migrate() {
        Flyway flyway = Flyway.configure(HistoryDatabase.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/history")
                .table("vitrine_history_migrations")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            LOG.debug("Another process may have been faster", e);
            flyway.migrate();
        }
        Integer least =
                new JdbcTemplate(pool).queryForObject("select max(least) from vitrine_history_schema", Integer.class);
        if (least != null && least > SCHEMA) {
            throw new FlywayException("its schema is of a newer program that needs schema " + least
                    + " and this program knows " + SCHEMA + " only; start a newer version here");
        }
    }

    /** The cause that says most, in a line. */
    static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && cause.getCause() != cause
                && !(cause instanceof FlywayException && cause.getMessage().startsWith("its schema"))) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return text.strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (!isUp()) {
            throw new HistoryAwayException(fault);
        }
        return pool.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("The history has one user, that of VITRINE_HISTORY_URL");
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        pool.close();
    }
}
