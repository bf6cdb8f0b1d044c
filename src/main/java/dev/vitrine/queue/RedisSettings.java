package dev.vitrine.queue;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the queue is and how long it remembers.
 *
 * @param url {@code embedded}, {@code none}, or {@code redis://…}, {@code redis+sentinel://…}, {@code redis+cluster://…},
 *     with {@code rediss} for TLS with the host name checked
 * @param jobTtl how long a job is remembered after its end
 * @param tls the files of TLS
 * @param sentinelPassword null where the sentinels need none
 */
public record RedisSettings(String url, Duration jobTtl, RedisTls tls, String sentinelPassword) {
    private static final Setting<String> URL = Setting.url(
            "VITRINE_REDIS_URL",
            List.of("embedded", "none"),
            List.of(
                    "redis://",
                    "rediss://",
                    "redis+sentinel://",
                    "rediss+sentinel://",
                    "redis+cluster://",
                    "rediss+cluster://"),
            "`embedded`: a Redis in the data folder; `redis://[user:password@]host:port[/db]`;"
                    + " `redis+sentinel://[user:password@]host:port,…/MASTER[/db]`;"
                    + " `redis+cluster://[user:password@]host:port,…`; each with `rediss` for TLS; `none`:"
                    + " no queue, every upload is indexed while its client waits");
    private static final Setting<Duration> JOB_TTL = Setting.duration(
            "VITRINE_JOB_TTL",
            "7d",
            Duration.ofSeconds(1),
            "how long a job is remembered after its end; also the age at which a failed job's picture goes");
    private static final Setting<String> CA = Setting.path(
            RedisTls.CA,
            null,
            "who may issue Redis' certificate: a PEM file; without it, whom Java trusts. Renewed files are taken up");
    private static final Setting<String> CERT =
            Setting.path(RedisTls.CERT, null, "the certificate that Vitrine shows to Redis: a PEM file, its own first");
    private static final Setting<String> KEY =
            Setting.path(RedisTls.KEY, null, "that certificate's private key: a PEM file, not encrypted");
    private static final Setting<String> SENTINEL_PASSWORD = Setting.text(
                    "VITRINE_REDIS_SENTINEL_PASSWORD",
                    null,
                    "the password of the sentinels, which is not that of the servers in the URL")
            .secret();

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(URL, JOB_TTL, CA, CERT, KEY, SENTINEL_PASSWORD);

    /** Without files of TLS. */
    RedisSettings(String url, Duration jobTtl) {
        this(url, jobTtl, RedisTls.NONE, null);
    }

    /** Reads an installation's settings. */
    public static RedisSettings read(SettingSource source) {
        String url = URL.read(source);
        RedisTls tls = new RedisTls(path(CA, source), path(CERT, source), path(KEY, source));
        if (!tls.isEmpty() && !url.startsWith("rediss")) {
            throw new InvalidSettingException(
                    RedisTls.CA + ", " + RedisTls.CERT + " and " + RedisTls.KEY + " are for TLS, and VITRINE_REDIS_URL"
                            + " asks for none; begin it with rediss, or take them away");
        }
        if (tls.certificate().isPresent() != tls.key().isPresent()) {
            throw new InvalidSettingException((tls.certificate().isPresent() ? RedisTls.KEY : RedisTls.CERT)
                    + " is not set; a certificate needs both " + RedisTls.CERT + " and " + RedisTls.KEY);
        }
        return new RedisSettings(url, JOB_TTL.read(source), tls, SENTINEL_PASSWORD.read(source));
    }

    private static Optional<Path> path(Setting<String> setting, SettingSource source) {
        return Optional.ofNullable(setting.read(source)).map(set -> setting.read(source, null));
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
