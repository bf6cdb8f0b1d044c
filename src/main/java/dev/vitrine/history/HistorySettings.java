package dev.vitrine.history;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the history of jobs is kept and how long.
 *
 * @param url {@code embedded}, {@code none}, or {@code jdbc:postgresql://…}
 * @param completed how long a completed job stays
 * @param failed how long a failed job stays
 * @param buffer most bytes that wait on disk for the database
 */
public record HistorySettings(String url, Duration completed, Duration failed, long buffer) {
    private static final String HOST = "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";
    private static final Pattern POSTGRES =
            Pattern.compile("jdbc:postgresql://" + HOST + "(," + HOST + ")*(/[^/?#@]*)?(\\?[^#]*)?");
    private static final Setting<String> URL = Setting.url(
            "VITRINE_HISTORY_URL",
            List.of("embedded", "none"),
            List.of("jdbc:postgresql://"),
            "`embedded`: an H2 database in the data folder, for a process of the role `all`;"
                    + " `jdbc:postgresql://host:5432/database?user=…&password=…`; `none`: jobs are remembered for"
                    + " `VITRINE_JOB_TTL` only");
    private static final Setting<Duration> COMPLETED = Setting.duration(
            "VITRINE_HISTORY_COMPLETED", "30d", Duration.ofMinutes(1), "how long the history keeps completed jobs");
    private static final Setting<Duration> FAILED = Setting.duration(
            "VITRINE_HISTORY_FAILED", "365d", Duration.ofMinutes(1), "how long the history keeps failed jobs");
    private static final Setting<Long> BUFFER = Setting.size(
            "VITRINE_HISTORY_BUFFER",
            "256MB",
            "how much history may wait on disk while the database is away; what comes beyond is dropped and counted");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(URL, COMPLETED, FAILED, BUFFER);

    /**
     * Reads an installation's settings.
     *
     * @throws InvalidSettingException where the URL is none of PostgreSQL; the message does not repeat it
     */
    public static HistorySettings read(SettingSource source) {
        String url = URL.read(source);
        if (url.startsWith("jdbc:") && !POSTGRES.matcher(url).matches()) {
            throw new InvalidSettingException(
                    URL.name() + " cannot be read; write it as jdbc:postgresql://host:5432/database"
                            + "?user=…&password=…, with special characters of the password percent-encoded");
        }
        return new HistorySettings(url, COMPLETED.read(source), FAILED.read(source), BUFFER.read(source));
    }

    /** Whether the database is one of this process alone. */
    public boolean isEmbedded() {
        return url.equals("embedded");
    }

    /** Whether nothing is kept. */
    public boolean isNone() {
        return url.equals("none");
    }

    /** Without what the URL says after the database. */
    @Override
    public String toString() {
        return "HistorySettings[url=" + place() + ", completed=" + completed + ", failed=" + failed + "]";
    }

    /** The URL without user and password. */
    String place() {
        return url.replaceFirst("\\?.*", "").replaceFirst("//.*@", "//…@");
    }
}
