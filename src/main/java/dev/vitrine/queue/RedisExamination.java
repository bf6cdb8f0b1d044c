package dev.vitrine.queue;

import dev.vitrine.part.ClockDifference;
import dev.vitrine.part.Diagnosis;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisCallback;
import redis.clients.jedis.HostAndPort;

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
        try (RedisConnections connections = new RedisConnections(settings, PATIENCE)) {
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
            all.add(Diagnosis.good("redis", found(connections)));
        } catch (IllegalStateException e) {
            String[] parts = e.getMessage().split("[:;] (?=set |use )", 2);
            all.add(Diagnosis.fault("redis", parts[0], parts.length == 2 ? parts[1] : "see its settings"));
        }
        informants(connections).ifPresent(all::add);
        Properties info = info(connections, "all");
        if (info.isEmpty()) {
            all.add(Diagnosis.advice("redis state", "it does not let Vitrine see INFO", "look at it where it is run"));
        } else {
            all.add(role(info, connections.kind()));
            all.add(persistence(info));
            all.add(memory(info));
        }
        try {
            all.add(ClockDifference.of("Redis", clock, () -> time(connections)));
        } catch (Exception e) {
            all.add(Diagnosis.advice("clock against Redis", "it does not tell its time: " + e.getMessage(), ""));
        }
        return all;
    }

    private static String found(RedisConnections connections) {
        String answers =
                switch (connections.kind()) {
                    case SINGLE -> connections.where() + " answers";
                    case SENTINEL -> connections.where() + " answers at " + connections.master();
                    case CLUSTER -> connections.where() + " answers, with the queue at " + connections.master();
                };
        return answers + ", version " + version(connections);
    }

    /** Who can be asked where the master is, after it died. */
    private static Optional<Diagnosis> informants(RedisConnections connections) {
        if (connections.kind() == RedisUrl.Kind.SINGLE) {
            return Optional.empty();
        }
        boolean sentinels = connections.kind() == RedisUrl.Kind.SENTINEL;
        String subject = sentinels ? "redis sentinels" : "redis nodes";
        List<HostAndPort> silent = connections.silentInformants();
        int all = connections.hosts().size();
        String found = all - silent.size() + " of " + all + " answer";
        if (silent.isEmpty() && all > 2) {
            return Optional.of(Diagnosis.good(subject, found));
        }
        return Optional.of(Diagnosis.advice(
                subject,
                silent.isEmpty() ? found : found + "; silent: " + silent,
                silent.isEmpty()
                        ? "name three or more in VITRINE_REDIS_URL, each on a machine of its own"
                        : "start those, or correct VITRINE_REDIS_URL"));
    }

    private static Diagnosis role(Properties info, RedisUrl.Kind kind) {
        if (kind != RedisUrl.Kind.SINGLE && "0".equals(info.getProperty("connected_slaves"))) {
            return Diagnosis.advice(
                    "redis role", "primary, no replica connected", "start one: nobody could take over from it");
        }
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
        try {
            Properties info = connections.template().execute((RedisCallback<Properties>)
                    redis -> redis.serverCommands().info(section));
            return info == null ? new Properties() : info;
        } catch (DataAccessException e) {
            return new Properties(); // it may not be asked
        }
    }

    private static Instant time(RedisConnections connections) {
        Long millis = connections.template().execute((RedisCallback<Long>)
                redis -> redis.serverCommands().time());
        return Instant.ofEpochMilli(millis == null ? 0 : millis);
    }
}
