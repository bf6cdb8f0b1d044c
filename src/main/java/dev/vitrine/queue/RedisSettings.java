package dev.vitrine.queue;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.time.Duration;
import java.util.List;

/**
 * Where the queue is and how long it remembers.
 *
 * @param url {@code embedded}, {@code none}, or {@code redis://…} / {@code rediss://…}
 * @param jobTtl how long a job is remembered after its end
 */
public record RedisSettings(String url, Duration jobTtl) {
    private static final Setting<String> URL = Setting.url(
            "VITRINE_REDIS_URL",
            List.of("embedded", "none"),
            List.of("redis://", "rediss://"),
            "`embedded`: a Redis in the data folder; `redis://[user:password@]host:port[/db]` or `rediss://…`; `none`:"
                    + " no queue, every upload is indexed while its client waits");
    private static final Setting<Duration> JOB_TTL = Setting.duration(
            "VITRINE_JOB_TTL",
            "7d",
            Duration.ofSeconds(1),
            "how long a job is remembered after its end; also the age at which a failed job's picture goes");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(URL, JOB_TTL);

    /** Reads an installation's settings. */
    public static RedisSettings read(SettingSource source) {
        return new RedisSettings(URL.read(source), JOB_TTL.read(source));
    }

    /** Whether this process starts a Redis of its own. */
    public boolean isEmbedded() {
        return url.equals("embedded");
    }

    /** Whether the service runs without a queue. */
    public boolean isNone() {
        return url.equals("none");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RedisSettings[url=" + url.replaceFirst("//.*@", "//…@") + ", jobTtl=" + jobTtl + "]";
    }
}
