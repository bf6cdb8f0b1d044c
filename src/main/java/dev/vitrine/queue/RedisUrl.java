package dev.vitrine.queue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/**
 * What {@code VITRINE_REDIS_URL} says.
 *
 * @param hosts of one Redis, of the sentinels, or of nodes of the cluster
 * @param master the name by which the sentinels know the server; empty for the other kinds
 * @param user null for the default user
 * @param password null for none
 */
record RedisUrl(
        Kind kind, List<HostAndPort> hosts, String master, int database, String user, String password, boolean tls) {

    /** What the hosts are. */
    enum Kind {
        SINGLE("redis", 6379),
        SENTINEL("redis+sentinel", 26379),
        CLUSTER("redis+cluster", 6379);

        private final String scheme;
        private final int port;

        Kind(String scheme, int port) {
            this.scheme = scheme;
            this.port = port;
        }
    }

    private static final String TLS = "rediss";
    private static final Pattern URL = Pattern.compile("([a-z+]+)://([^/?#\\s]+)(/[^?#\\s]*)?");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern DATABASE = Pattern.compile("/?|/(\\d{1,4})");
    private static final Pattern MASTER = Pattern.compile("/([A-Za-z0-9._-]+)(?:/(\\d{1,4})?)?");

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException where it cannot be read; the message does not repeat the password
     */
    static RedisUrl of(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw wrong();
        }
        String scheme = url.group(1);
        boolean tls = scheme.startsWith(TLS);
        Kind kind = kind(tls ? "redis" + scheme.substring(TLS.length()) : scheme);
        String authority = url.group(2);
        String path = url.group(3) == null ? "" : url.group(3);
        Matcher found = (kind == Kind.SENTINEL ? MASTER : DATABASE).matcher(path);
        if (!found.matches()) {
            throw wrong();
        }
        String database = found.group(kind == Kind.SENTINEL ? 2 : 1);
        if (kind == Kind.CLUSTER && database != null && Integer.parseInt(database) != 0) {
            throw new IllegalArgumentException(
                    "VITRINE_REDIS_URL names a database, of which a Redis Cluster has one alone; take the number off");
        }
        int at = authority.lastIndexOf('@');
        String user = null;
        String password = null;
        if (at >= 0) {
            String[] parts = authority.substring(0, at).split(":", 2);
            user = parts.length == 2 && !parts[0].isEmpty() ? decode(parts[0]) : null;
            password = decode(parts[parts.length - 1]);
        }
        return new RedisUrl(
                kind,
                hosts(authority.substring(at + 1), kind),
                kind == Kind.SENTINEL ? found.group(1) : "",
                database == null ? 0 : Integer.parseInt(database),
                user,
                password,
                tls);
    }

    /** Hosts and what is there, for people. */
    String where() {
        String all = hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        return switch (kind) {
            case SINGLE -> all;
            case SENTINEL -> "master " + master + " of the sentinels " + all;
            case CLUSTER -> "cluster " + all;
        };
    }

    /** Without the password. */
    @Override
    public String toString() {
        return kind.scheme + "://" + where();
    }

    private static Kind kind(String scheme) {
        for (Kind kind : Kind.values()) {
            if (kind.scheme.equals(scheme)) {
                return kind;
            }
        }
        throw wrong();
    }

    private static List<HostAndPort> hosts(String text, Kind kind) {
        List<HostAndPort> hosts = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            Matcher host = HOST.matcher(one.strip());
            if (!host.matches() || kind == Kind.SINGLE && !hosts.isEmpty()) {
                throw wrong();
            }
            int port = host.group(2) == null ? kind.port : Integer.parseInt(host.group(2));
            hosts.add(new HostAndPort(host.group(1).replaceAll("[\\[\\]]", ""), port));
        }
        return List.copyOf(hosts);
    }

    private static String decode(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // whose message repeats a part of the password
            throw wrong();
        }
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("VITRINE_REDIS_URL cannot be read; write the address of Redis as"
                + " redis://[user:password@]host:port[/db], redis+sentinel://[user:password@]host:port,…/MASTER[/db] or"
                + " redis+cluster://[user:password@]host:port,…, or with rediss for TLS, with special characters of the"
                + " password percent-encoded");
    }
}
