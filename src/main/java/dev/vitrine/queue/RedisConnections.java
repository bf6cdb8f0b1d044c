package dev.vitrine.queue;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.util.Pool;

/**
 * Connections to one Redis: a pool for the requests and the queue, which fails fast, and single connections for commands
 * that wait. Nothing is connected before it is used.
 *
 * <p>A connection that lay idle is asked ({@code PING}) before it is lent: a restart of Redis fails no request by handing
 * it a connection that died meanwhile.
 */
public final class RedisConnections implements AutoCloseable {

    /** For the request path: a client is waiting, and without Redis it is served another way. */
    public static final Duration FAIL_FAST = Duration.ofMillis(500);

    private static final int MOST_CONNECTIONS = 64;

    private final Address address;
    private final Duration timeout;
    private final JedisConnectionFactory factory;
    private final StringRedisTemplate template;

    /** Connections that give up connecting or waiting for a reply after {@link #FAIL_FAST}. */
    public RedisConnections(String url) {
        this(url, FAIL_FAST);
    }

    /**
     * @param url {@code redis://[user:password@]host[:port][/db]}, {@code rediss://} for TLS with the host name checked;
     *     special characters of user and password percent-encoded
     * @param timeout to connect, to wait for a reply, and to wait for a free connection, each
     * @throws IllegalArgumentException for any other URL; the message does not repeat the password
     */
    public RedisConnections(String url, Duration timeout) {
        this.address = Address.of(url);
        this.timeout = timeout;
        this.factory = new JedisConnectionFactory(address.standalone(), clientConfiguration()) {
            // Spring Data hands connections back by closing them, which only those of a JedisPool understand.
            @Override
            @SuppressWarnings("deprecation")
            protected Pool<Jedis> createRedisPool() {
                return new JedisPool(poolConfig(), new JedisMaker(address.hostAndPort(), config().build()));
            }
        };
        factory.afterPropertiesSet();
        factory.start();
        this.template = new StringRedisTemplate(factory);
    }

    /** The template for everything that does not wait; camel-spring-redis takes it as {@code redisTemplate} too. */
    public StringRedisTemplate template() {
        return template;
    }

    /** The pool behind the template. */
    public JedisConnectionFactory factory() {
        return factory;
    }

    /** Host and port, for people. */
    public String where() {
        return address.host() + ":" + address.port();
    }

    /**
     * Opens a connection of its own for blocking commands; the caller closes it.
     *
     * @param longestWait the longest that a command blocks; past that and the usual timeout the connection counts as
     *     dead, so that a network that swallows packets cannot hold a thread for ever
     */
    Jedis openBlocking(Duration longestWait) {
        return new Jedis(
                address.hostAndPort(),
                config().blockingSocketTimeoutMillis(
                                (int) longestWait.plus(timeout).toMillis())
                        .build());
    }

    /** Closes the pool; connections of {@link #openBlocking} are their owners' to close. */
    @Override
    public void close() {
        factory.destroy();
    }

    /** What Spring Data wants to know; the pool itself is made of {@link #config} and {@link #poolConfig}. */
    private JedisClientConfiguration clientConfiguration() {
        var client = JedisClientConfiguration.builder().connectTimeout(timeout).readTimeout(timeout);
        if (address.tls()) {
            client.useSsl().sslParameters(checkHostName());
        }
        return client.usePooling().poolConfig(poolConfig()).build();
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

    private DefaultJedisClientConfig.Builder config() {
        var config = DefaultJedisClientConfig.builder()
                .timeoutMillis((int) timeout.toMillis())
                .user(address.user())
                .password(address.password())
                .database(address.database())
                .ssl(address.tls());
        return address.tls() ? config.sslParameters(checkHostName()) : config;
    }

    private static SSLParameters checkHostName() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private record Address(String host, int port, int database, String user, String password, boolean tls) {

        static Address of(String url) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                // Without the cause: its message repeats the URL and with it the password.
                throw wrong();
            }
            boolean tls = "rediss".equals(uri.getScheme());
            if (!tls && !"redis".equals(uri.getScheme()) || uri.getHost() == null) {
                throw wrong();
            }
            String path = uri.getPath() == null ? "" : uri.getPath();
            if (!path.matches("/?|/\\d{1,4}")) {
                throw wrong();
            }
            String user = null;
            String password = null;
            if (uri.getRawUserInfo() != null) {
                String[] parts = uri.getRawUserInfo().split(":", 2);
                user = parts.length == 2 && !parts[0].isEmpty() ? decode(parts[0]) : null;
                password = decode(parts[parts.length - 1]);
            }
            return new Address(
                    uri.getHost(),
                    uri.getPort() < 0 ? 6379 : uri.getPort(),
                    path.length() < 2 ? 0 : Integer.parseInt(path.substring(1)),
                    user,
                    password,
                    tls);
        }

        RedisStandaloneConfiguration standalone() {
            RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(host, port);
            configuration.setDatabase(database);
            configuration.setUsername(user);
            configuration.setPassword(RedisPassword.of(password));
            return configuration;
        }

        HostAndPort hostAndPort() {
            return new HostAndPort(host, port);
        }

        private static String decode(String part) {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        private static IllegalArgumentException wrong() {
            return new IllegalArgumentException(
                    "VITRINE_REDIS_URL cannot be read; write the address of Redis as redis://[user:password@]host:port[/db],"
                            + " or rediss://… for TLS, with special characters of the password percent-encoded");
        }
    }
}
