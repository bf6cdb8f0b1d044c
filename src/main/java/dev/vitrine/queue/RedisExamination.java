package dev.vitrine.queue;

import dev.vitrine.part.ClockDifference;
import dev.vitrine.part.Diagnosis;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.springframework.data.redis.core.RedisCallback;

/** Looks at the Redis that an installation names, as an operator would. It changes nothing there. */
public final class RedisExamination {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final double FULL = 0.8;

    private final RedisSettings settings;
    private final Clock clock;

    /** Looks at nothing yet. */
    public RedisExamination(RedisSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What is seen now; a Redis that does not answer is a fault and no exception. */
    public List<Diagnosis> run() {
        if (settings.isNone()) {
            return List.of(Diagnosis.good("redis", "none: every upload is indexed while its client waits"));
        }
        if (settings.isEmbedded()) {
            return List.of(
                    RedisBinary.isKnownHere()
                            ? Diagnosis.good("redis", "embedded, in the data folder; for one process")
                            : Diagnosis.fault(
                                    "redis",
                                    "there is no embedded Redis for this machine",
                                    "set VITRINE_REDIS_URL to a Redis of your own, 6.2 or newer"));
        }
        try (RedisConnections connections = new RedisConnections(settings.url(), PATIENCE)) {
            return seen(connections);
        } catch (IllegalArgumentException e) {
            String[] parts = e.getMessage().split("; ", 2);
            return List.of(Diagnosis.fault("redis", parts[0], parts[parts.length - 1]));
        }
    }

    private List<Diagnosis> seen(RedisConnections connections) {
        List<Diagnosis> all = new ArrayList<>();
        RedisCheck check = new RedisCheck(connections);
        try {
            check.ping();
        } catch (RedisAwayException e) {
            String[] parts = e.getMessage().split("\\): ", 2);
            return List.of(
                    Diagnosis.fault("redis", parts[0] + (parts.length == 2 ? ")" : ""), parts[parts.length - 1]));
        }
        try {
            check.run();
            all.add(Diagnosis.good("redis", connections.where() + " answers, version " + version(connections)));
        } catch (IllegalStateException e) {
            String[] parts = e.getMessage().split("[:;] (?=set |use )", 2);
            all.add(Diagnosis.fault("redis", parts[0], parts.length == 2 ? parts[1] : "see its settings"));
        }
        Properties info = info(connections, "all");
        all.add(role(info));
        all.add(persistence(info));
        all.add(memory(info));
        try {
            all.add(ClockDifference.of("Redis", clock, () -> time(connections)));
        } catch (Exception e) {
            all.add(Diagnosis.advice("clock against Redis", "it does not tell its time: " + e.getMessage(), ""));
        }
        return all;
    }

    private static Diagnosis role(Properties info) {
        return "slave".equals(info.getProperty("role"))
                ? Diagnosis.fault(
                        "redis role",
                        "it is a replica, which takes no writes",
                        "name its primary in VITRINE_REDIS_URL (" + info.getProperty("master_host") + ":"
                                + info.getProperty("master_port") + ")")
                : Diagnosis.good(
                        "redis role", "primary, " + info.getProperty("connected_slaves", "0") + " replicas connected");
    }

    private static Diagnosis persistence(Properties info) {
        String subject = "redis persistence";
        boolean appends = "1".equals(info.getProperty("aof_enabled"));
        if (appends && "err".equals(info.getProperty("aof_last_write_status"))) {
            return Diagnosis.fault(
                    subject, "it cannot write its append-only file", "free its disk, and look at its log");
        }
        if (appends) {
            return Diagnosis.good(subject, "append-only file");
        }
        if ("err".equals(info.getProperty("rdb_last_bgsave_status"))) {
            return Diagnosis.fault(subject, "its last snapshot failed", "free its disk, and look at its log");
        }
        return Diagnosis.advice(
                subject,
                "no append-only file",
                "set appendonly yes: a restart would forget the states of ended jobs (what waits comes back from the spool)");
    }

    private static Diagnosis memory(Properties info) {
        long used = Long.parseLong(info.getProperty("used_memory", "0"));
        long most = Long.parseLong(info.getProperty("maxmemory", "0"));
        String found = used / 1_048_576 + " MB" + (most == 0 ? ", no limit" : " of " + most / 1_048_576 + " MB");
        return most > 0 && used > FULL * most
                ? Diagnosis.advice(
                        "redis memory",
                        found,
                        "raise its maxmemory, or shorten VITRINE_JOB_TTL: full, it refuses new jobs, which are then"
                                + " answered with 503")
                : Diagnosis.good("redis memory", found);
    }

    private static String version(RedisConnections connections) {
        return info(connections, "server").getProperty("redis_version", "unknown");
    }

    private static Properties info(RedisConnections connections, String section) {
        Properties info = connections.template().execute((RedisCallback<Properties>)
                redis -> redis.serverCommands().info(section));
        return info == null ? new Properties() : info;
    }

    private static Instant time(RedisConnections connections) {
        Long millis = connections.template().execute((RedisCallback<Long>)
                redis -> redis.serverCommands().time());
        return Instant.ofEpochMilli(millis == null ? 0 : millis);
    }
}
