package dev.vitrine;

import dev.vitrine.archive.ArchiveSettings;
import dev.vitrine.callbacks.CallbackSettings;
import dev.vitrine.clip.ModelSettings;
import dev.vitrine.history.HistorySettings;
import dev.vitrine.http.HttpSettings;
import dev.vitrine.image.PictureSettings;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.intake.IntakeSettings;
import dev.vitrine.ops.OpsSettings;
import dev.vitrine.queue.RedisSettings;
import dev.vitrine.reload.RouteSettings;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import dev.vitrine.spool.SpoolSettings;
import dev.vitrine.trace.TraceSettings;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What an installation decides, by the room that it concerns.
 *
 * @param home the folder with {@code routes/}, {@code models/} and {@code config/}
 * @param role which parts of the pipeline this process runs
 * @param workerId names this process in leases and logs
 * @param dataDir where data lives
 * @param traces OpenTelemetry's own variables
 * @param unknown a sentence for each name that looks like a setting and is none
 */
public record Settings(
        Path home,
        Role role,
        String workerId,
        Path dataDir,
        HttpSettings http,
        RedisSettings redis,
        IndexSettings index,
        ModelSettings model,
        PictureSettings pictures,
        ArchiveSettings archive,
        IntakeSettings intake,
        SpoolSettings spool,
        HistorySettings history,
        CallbackSettings callbacks,
        RouteSettings routes,
        TraceSettings traces,
        List<String> unknown) {

    /** Which parts of the pipeline a process runs. */
    public enum Role {
        ALL,
        API,
        WORKER;

        /** Whether this process takes uploads and answers queries. */
        public boolean isApi() {
            return this != WORKER;
        }

        /** Whether this process takes jobs from the queue. */
        public boolean isWorker() {
            return this != API;
        }
    }

    private static final Setting<String> ROLE = Setting.choice(
            "VITRINE_ROLE", "which half of the service runs, as the option of `start`", "all", "api", "worker");
    private static final Setting<String> WORKER_ID = Setting.text(
                    "VITRINE_WORKER_ID", null, "names the process, as the option of `start`")
            .shownAs("host and process id");
    private static final Setting<String> DATA_DIR = Setting.path("VITRINE_DATA_DIR", "./data", "where data lives");
    private static final Setting<String> LOG_LEVEL = Setting.choice(
                    "VITRINE_LOG_LEVEL",
                    "how much is logged: `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`",
                    "info",
                    "error",
                    "warn",
                    "debug",
                    "trace",
                    "off")
            .shownAs("INFO");
    private static final Setting<String> LOG = Setting.url(
            "VITRINE_LOG",
            List.of("text", "json"),
            List.of(),
            "`text`: lines for people; `json`: an object of the Elastic Common Schema a line, for programs");
    private static final Setting<String> JAVA_OPTS = Setting.text(
                    "VITRINE_JAVA_OPTS", null, "options for the JVM, read by the launcher")
            .secret();

    /** Every setting there is, in the order of the documentation. */
    public static final List<Setting<?>> ALL = Stream.of(
                    HttpSettings.ALL,
                    RedisSettings.ALL,
                    IndexSettings.ALL,
                    ModelSettings.ALL,
                    List.of(DATA_DIR),
                    IntakeSettings.ALL,
                    SpoolSettings.ALL,
                    PictureSettings.ALL,
                    ArchiveSettings.ALL,
                    HistorySettings.ALL,
                    CallbackSettings.ALL,
                    List.of(ROLE, WORKER_ID),
                    RouteSettings.ALL,
                    List.of(LOG, LOG_LEVEL, JAVA_OPTS))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /**
     * Reads the settings of an installation.
     *
     * @param environment the process's environment
     * @throws InvalidSettingException when a value is malformed
     */
    public static Settings load(Path home, Map<String, String> environment) {
        SettingSource source = source(home, environment);
        LOG.read(source);
        LOG_LEVEL.read(source); // by the logging itself; here only so that a level that there is not is refused
        Path dataDir = DATA_DIR.read(source, home.resolve("data"));
        String workerId = WORKER_ID.read(source);
        return new Settings(
                home,
                Role.valueOf(ROLE.read(source).toUpperCase(Locale.ROOT)),
                workerId == null ? hostName() + "-" + pid() : workerId,
                dataDir,
                HttpSettings.read(source, home),
                RedisSettings.read(source),
                IndexSettings.read(source, dataDir),
                ModelSettings.read(source),
                PictureSettings.read(source),
                ArchiveSettings.read(source),
                IntakeSettings.read(source, dataDir),
                SpoolSettings.read(source, dataDir),
                HistorySettings.read(source),
                CallbackSettings.read(source),
                RouteSettings.read(source),
                TraceSettings.read(environment),
                source.unknown(ALL.stream().map(Setting::name).toList()));
    }

    /** What the settings of an installation are read from. */
    public static SettingSource source(Path home, Map<String, String> environment) {
        return new SettingSource(home, environment, SettingSource.readFile(configuration(home)));
    }

    /** @param uploads the folder that requests are received in */
    OpsSettings ops(Path uploads) {
        return new OpsSettings(uploads, intake.minFreeBytes(), redis.jobTtl(), workerId);
    }

    /** The file beside the launcher with what differs from the defaults. */
    static Path configuration(Path home) {
        return home.resolve("config/application.properties");
    }

    /** Logs what looks like a setting and is none. */
    void warn() {
        unknown.forEach(LoggerFactory.getLogger(Settings.class)::warn);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static long pid() {
        return ManagementFactory.getRuntimeMXBean().getPid();
    }
}
