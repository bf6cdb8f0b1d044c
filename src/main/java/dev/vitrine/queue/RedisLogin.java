package dev.vitrine.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;

/**
 * How this service introduces itself to Redis and to its sentinels. Files of TLS that were renewed are read again at the
 * next connection. Thread-safe.
 */
final class RedisLogin {
    private final RedisUrl url;
    private final RedisTls tls;
    private final String sentinelPassword;
    private List<FileTime> read = List.of();
    private SSLSocketFactory sockets;

    /**
     * @param sentinelPassword null for none
     * @throws dev.vitrine.settings.InvalidSettingException where the files of TLS cannot be used
     */
    RedisLogin(RedisUrl url, RedisTls tls, String sentinelPassword) {
        this.url = url;
        this.tls = tls;
        this.sentinelPassword = sentinelPassword;
        if (url.tls()) {
            sockets();
        }
    }

    /** For connections to a server that fail after a time; {@code blocking} is the longest wait of those that block. */
    JedisClientConfig server(Duration timeout, Duration blocking) {
        return basic(timeout)
                .blockingSocketTimeoutMillis((int) blocking.toMillis())
                .user(url.user())
                .password(url.password())
                .database(url.database())
                .build();
    }

    /** For those who are asked where the server is. */
    JedisClientConfig informant(Duration timeout) {
        return url.kind() == RedisUrl.Kind.SENTINEL
                ? basic(timeout).password(sentinelPassword).build()
                : server(timeout, timeout);
    }

    private DefaultJedisClientConfig.Builder basic(Duration timeout) {
        var config = DefaultJedisClientConfig.builder()
                .timeoutMillis((int) timeout.toMillis())
                .ssl(url.tls());
        return url.tls() ? config.sslSocketFactory(sockets()).sslParameters(checkHostName()) : config;
    }

    /** Also names the host, and with it the certificate that a server of many names is to show. */
    static SSLParameters checkHostName() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private synchronized SSLSocketFactory sockets() {
        List<FileTime> now = times();
        if (sockets == null || !now.equals(read)) {
            try {
                sockets = tls.sockets();
                read = now;
            } catch (IllegalArgumentException e) {
                if (sockets == null) {
                    throw e;
                }
                // A pair is written file by file: the old one serves until both fit.
            }
        }
        return sockets;
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path file : Stream.of(tls.authorities(), tls.certificate(), tls.key())
                .flatMap(Optional::stream)
                .toList()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }
}
