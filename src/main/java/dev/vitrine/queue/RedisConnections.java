package dev.vitrine.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * Connections to the Redis that holds the keys with one hash tag: a pool for the requests and the queue, which fails fast,
 * and single connections for commands that wait. Nothing is connected before it is used.
 *
 * <p>A connection that lay idle is asked ({@code PING}) before it is lent: a restart of Redis fails no request by handing
 * it a connection that died meanwhile. After a failover the connections lead to the new master: whoever lost one asks the
 * sentinels, or the nodes of the cluster, for it.
 */
public final class RedisConnections implements AutoCloseable {

    /** For the request path: a client is waiting, and without Redis it is served another way. */
    public static final Duration FAIL_FAST = Duration.ofMillis(500);

    private static final int MOST_CONNECTIONS = 64;

    private final RedisUrl url;
    private final RedisLogin login;
    private final Duration timeout;
    private final RedisPlace place;
    private final JedisMaker maker;
    private final JedisConnectionFactory factory;
    private final StringRedisTemplate template;
    private final Map<String, RedisConnections> others = new HashMap<>();

    /** Connections that give up connecting or waiting for a reply after {@link #FAIL_FAST}. */
    public RedisConnections(String url) {
        this(url, FAIL_FAST);
    }

    /**
     * Connections without files of TLS, for the keys of the main queue.
     *
     * @param url see {@link RedisSettings}; special characters of user and password percent-encoded
     * @param timeout to connect, to wait for a reply, and to wait for a free connection, each
     * @throws IllegalArgumentException for any other URL; the message does not repeat the password
     */
    public RedisConnections(String url, Duration timeout) {
        this(RedisUrl.of(url), RedisTls.NONE, null, timeout);
    }

    /**
     * Connections as the settings say, for the keys of the main queue.
     *
     * @throws IllegalArgumentException where they cannot work; the message says why
     */
    RedisConnections(RedisSettings settings, Duration timeout) {
        this(RedisUrl.of(settings.url()), settings.tls(), settings.sentinelPassword(), timeout);
    }

    private RedisConnections(RedisUrl url, RedisTls tls, String sentinelPassword, Duration timeout) {
        this(url, new RedisLogin(url, tls, sentinelPassword), timeout, QueuePart.NAME);
    }

    private RedisConnections(RedisUrl url, RedisLogin login, Duration timeout, String tag) {
        this.url = url;
        this.login = login;
        this.timeout = timeout;
        this.place = place(tag);
        this.maker = new JedisMaker(place, () -> login.server(timeout, timeout));
        this.factory = new JedisConnectionFactory(standalone(), clientConfiguration()) {
            // Spring Data hands connections back by closing them, which only those of a JedisPool understand.
            @Override
            @SuppressWarnings("deprecation")
            protected Pool<Jedis> createRedisPool() {
                return new JedisPool(poolConfig(), maker);
            }
        };
        factory.afterPropertiesSet();
        factory.start();
        this.template = new StringRedisTemplate(factory);
        template.setScriptExecutor(new PermittedScripts(template));
    }

    /**
     * Connections for the keys that begin with a tag between braces, which in a cluster may be on another node than those of
     * the main queue. They are closed with these.
     */
    public synchronized RedisConnections of(String tag) {
        if (url.kind() != RedisUrl.Kind.CLUSTER || tag.equals(QueuePart.NAME)) {
            return this;
        }
        return others.computeIfAbsent(tag, other -> new RedisConnections(url, login, timeout, other));
    }

    /** The template for everything that does not wait; camel-spring-redis takes it as {@code redisTemplate} too. */
    public StringRedisTemplate template() {
        return template;
    }

    /** The pool behind the template. */
    public JedisConnectionFactory factory() {
        return factory;
    }

    /** Host and port, or what there are instead, for people. */
    public String where() {
        return url.where();
    }

    /** What kind of Redis the URL names. */
    RedisUrl.Kind kind() {
        return url.kind();
    }

    /** Those that the URL names. */
    List<HostAndPort> hosts() {
        return url.hosts();
    }

    /** Those that the URL names to be asked for the master, and that do not answer. */
    List<HostAndPort> silentInformants() {
        return url.hosts().stream()
                .filter(informant -> {
                    try (Jedis jedis = new Jedis(informant, login.informant(timeout))) {
                        return !"PONG".equals(jedis.ping());
                    } catch (JedisException e) {
                        return true;
                    }
                })
                .toList();
    }

    /**
     * Where the server is that takes the writes now.
     *
     * @throws redis.clients.jedis.exceptions.JedisException where nobody can say
     */
    HostAndPort master() {
        return place.now();
    }

    /**
     * Opens a connection of its own for blocking commands; the caller closes it.
     *
     * @param longestWait the longest that a command blocks; past that and the usual timeout the connection counts as
     *     dead, so that a network that swallows packets cannot hold a thread for ever
     */
    Jedis openBlocking(Duration longestWait) {
        return maker.open(login.server(timeout, longestWait.plus(timeout)));
    }

    /** Whether a connection of {@link #openBlocking} leads to the master still. */
    boolean isCurrent(Jedis blocking) {
        return maker.isCurrent(blocking);
    }

    /** Closes the pools; connections of {@link #openBlocking} are their owners' to close. */
    @Override
    public synchronized void close() {
        factory.destroy();
        place.close();
        others.values().forEach(RedisConnections::close);
    }

    private RedisPlace place(String tag) {
        return switch (url.kind()) {
            case SINGLE -> RedisPlace.fixed(url.hosts().get(0));
            case SENTINEL -> asked(new SentinelQuestion(url.master()));
            case CLUSTER -> asked(ClusterQuestion.ofTag(tag));
        };
    }

    private RedisPlace asked(MasterQuestion question) {
        return new AskedPlace(
                where(), question, url.hosts(), informant -> new Jedis(informant, login.informant(timeout)));
    }

    /** What Spring Data wants to know; the pool itself is made by {@link JedisMaker}. */
    private JedisClientConfiguration clientConfiguration() {
        var client = JedisClientConfiguration.builder().connectTimeout(timeout).readTimeout(timeout);
        if (url.tls()) {
            client.useSsl();
        }
        return client.usePooling().poolConfig(poolConfig()).build();
    }

    private RedisStandaloneConfiguration standalone() {
        HostAndPort first = url.hosts().get(0);
        RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(first.getHost(), first.getPort());
        configuration.setDatabase(url.database());
        configuration.setUsername(url.user());
        configuration.setPassword(RedisPassword.of(url.password()));
        return configuration;
    }

    private GenericObjectPoolConfig<Jedis> poolConfig() {
        GenericObjectPoolConfig<Jedis> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setMaxIdle(MOST_CONNECTIONS);
        pool.setMaxWait(timeout);
        pool.setTestOnBorrow(true);
        pool.setJmxEnabled(false);
        return pool;
    }
}
