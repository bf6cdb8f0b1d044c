package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.SettingSource;
import dev.vitrine.testing.Certificates;
import dev.vitrine.testing.Place;
import dev.vitrine.testing.RedisCluster;
import dev.vitrine.testing.RedisNode;
import dev.vitrine.testing.RedisSentinels;
import dev.vitrine.testing.TlsProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

class RedisTlsTest {
    private static final Duration TTL = Duration.ofDays(7);

    @TempDir
    static Path folder;

    private static RedisSentinels redis;
    private static TlsProxy toMaster;
    private static TlsProxy toSentinel;
    private static RedisTls files;
    private static SSLContext inside;

    @BeforeAll
    static void start() throws Exception {
        Certificates server = Certificates.make(folder, "server");
        Certificates client = Certificates.make(folder, "client");
        files = new RedisTls(
                Optional.of(Files.writeString(folder.resolve("ca.pem"), server.certificatePem())),
                Optional.of(Files.writeString(folder.resolve("client.pem"), client.certificatePem())),
                Optional.of(Files.writeString(folder.resolve("client-key.pem"), client.keyPem())));
        redis = RedisSentinels.start(folder, List.of(Place.HERE), 0, Duration.ofSeconds(5));
        inside = context(client);
        toMaster = new TlsProxy(inside, redis.servers().get(0).address().getPort());
        toSentinel = new TlsProxy(inside, redis.sentinels().get(0).address().getPort());
        try (Jedis sentinel = redis.sentinels().get(0).connect()) {
            sentinel.sentinelRemove(RedisSentinels.NAME);
            sentinel.sentinelMonitor(RedisSentinels.NAME, "127.0.0.1", toMaster.port(), 1);
        }
    }

    @AfterAll
    static void stop() {
        toMaster.close();
        toSentinel.close();
        redis.close();
    }

    private static SSLContext context(Certificates trusted) throws Exception {
        KeyStore keys = KeyStore.getInstance(folder.resolve("server.p12").toFile(), "changeit".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        KeyStore others = KeyStore.getInstance("PKCS12");
        others.load(null, null);
        others.setCertificateEntry("client", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(others);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void ping(String url, RedisTls tls) {
        ping(url, tls, null);
    }

    private static void ping(String url, RedisTls tls, String sentinelPassword) {
        RedisSettings settings = new RedisSettings(url, TTL, tls, sentinelPassword);
        try (RedisConnections connections = new RedisConnections(settings, Duration.ofSeconds(3))) {
            new RedisCheck(connections).ping();
        }
    }

    @Test
    void showsItsCertificateToOneRedis() {
        String url = "rediss://localhost:" + toMaster.port();

        assertThatCode(() -> ping(url, files)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ping(url, new RedisTls(files.authorities(), Optional.empty(), Optional.empty())))
                .as("without a certificate")
                .isInstanceOf(RedisAwayException.class);
        assertThatThrownBy(() -> ping(url, new RedisTls(files.certificate(), files.certificate(), files.key())))
                .as("a server that another authority knows")
                .isInstanceOf(RedisAwayException.class);
    }

    @Test
    void showsItsCertificateToSentinelAndMaster() {
        String url = "rediss+sentinel://127.0.0.1:" + toSentinel.port() + "/" + RedisSentinels.NAME;

        assertThatCode(() -> ping(url, files)).doesNotThrowAnyException();
    }

    @Test
    void showsItsCertificateToEachNodeOfACluster(@TempDir Path nodes) throws Exception {
        List<TlsProxy> proxies = new ArrayList<>();
        try (RedisCluster cluster = RedisCluster.start(nodes, List.of(Place.HERE), 2, 0, Duration.ofSeconds(5))) {
            for (RedisNode node : cluster.nodes()) {
                TlsProxy proxy = new TlsProxy(inside, node.address().getPort());
                proxies.add(proxy);
                node.order(redis -> redis.configSet("cluster-announce-port", Integer.toString(proxy.port())));
            }
            RedisNode other = cluster.nodes().stream()
                    .filter(node -> node != cluster.masterOf("{vitrine}"))
                    .findFirst()
                    .orElseThrow();
            int known = proxies.get(cluster.nodes().indexOf(other)).port();
            int sought = proxies.get(1 - cluster.nodes().indexOf(other)).port();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (Jedis redis = other.connect()) {
                    return redis.clusterNodes().contains(":" + sought + "@");
                }
            });
            RedisSettings settings = new RedisSettings("rediss+cluster://127.0.0.1:" + known, TTL, files, null);
            try (RedisConnections connections = new RedisConnections(settings, Duration.ofSeconds(3))) {
                connections.template().opsForValue().set("{vitrine}:over", "tls");
                assertThat(connections.master()).isEqualTo(new HostAndPort("127.0.0.1", sought));
            }
            RedisTls stranger = new RedisTls(files.certificate(), files.certificate(), files.key());
            assertThatThrownBy(() -> ping(settings.url(), stranger)).isInstanceOf(RedisAwayException.class);
        } finally {
            proxies.forEach(TlsProxy::close);
        }
    }

    /** Over TLS and without: another password than that of the servers, which is in the URL. */
    @Test
    void tellsASentinelItsPassword() throws Exception {
        RedisNode guarded = redis.sentinels().get(1);
        guarded.order(sentinel -> sentinel.aclSetUser("default", "resetpass", ">for-sentinels"));
        String plain = "redis+sentinel://" + guarded.address() + "/" + RedisSentinels.NAME;
        assertThatCode(() -> ping(plain, RedisTls.NONE, "for-sentinels")).doesNotThrowAnyException();
        for (String wrong : Arrays.asList("wrong", null)) {
            assertThatThrownBy(() -> ping(plain, RedisTls.NONE, wrong))
                    .isInstanceOf(RedisAwayException.class)
                    .hasMessageContaining("the sentinel at " + guarded.address() + " refuses")
                    .hasMessageContaining("check VITRINE_REDIS_SENTINEL_PASSWORD")
                    .hasMessageNotContaining("VITRINE_REDIS_URL");
        }
        try (TlsProxy proxy = new TlsProxy(inside, guarded.address().getPort())) {
            String url = "rediss+sentinel://127.0.0.1:" + proxy.port() + "/" + RedisSentinels.NAME;
            try (RedisConnections connections =
                    new RedisConnections(new RedisSettings(url, TTL, files, "for-sentinels"), Duration.ofSeconds(3))) {
                assertThat(connections.master())
                        .isEqualTo(redis.servers().get(0).address());
            }
        }
    }

    @Test
    void takesRenewedFilesUp() throws Exception {
        Path ca = Files.writeString(
                folder.resolve("renewed.pem"),
                Files.readString(files.certificate().orElseThrow()));
        RedisTls wrong = new RedisTls(Optional.of(ca), files.certificate(), files.key());
        RedisSettings settings = new RedisSettings("rediss://127.0.0.1:" + toMaster.port(), TTL, wrong, null);
        try (RedisConnections connections = new RedisConnections(settings, Duration.ofSeconds(3))) {
            RedisCheck check = new RedisCheck(connections);
            assertThatThrownBy(check::ping).isInstanceOf(RedisAwayException.class);

            Certificates.replace(ca, Files.readString(files.authorities().orElseThrow()));

            assertThatCode(check::ping).doesNotThrowAnyException();
        }
    }

    @Test
    void saysWhichFileCannotBeUsed() throws Exception {
        Path nothing = Files.writeString(folder.resolve("nothing.pem"), "nothing");
        assertThatThrownBy(() ->
                        ping("rediss://h", new RedisTls(Optional.of(nothing), Optional.empty(), Optional.empty())))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("VITRINE_REDIS_CA");
        assertThatThrownBy(() ->
                        ping("rediss://h", new RedisTls(Optional.empty(), files.certificate(), Optional.of(nothing))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("VITRINE_REDIS_KEY")
                .hasMessageContaining("openssl pkey");
        assertThatThrownBy(() -> ping(
                        "rediss://h",
                        new RedisTls(Optional.of(folder.resolve("absent.pem")), Optional.empty(), Optional.empty())))
                .hasMessageContaining("There is no file");
    }

    @Test
    void refusesSettingsThatDoNotFitEachOther() {
        assertThatThrownBy(() -> read(Map.of("VITRINE_REDIS_URL", "redis://h", "VITRINE_REDIS_CA", "ca.pem")))
                .hasMessageContaining("begin it with rediss");
        assertThatThrownBy(() -> read(Map.of("VITRINE_REDIS_URL", "rediss://h", "VITRINE_REDIS_CERT", "c.pem")))
                .hasMessageContaining("VITRINE_REDIS_KEY is not set");
        assertThat(read(Map.of("VITRINE_REDIS_URL", "rediss://h", "VITRINE_REDIS_CA", "ca.pem"))
                        .tls()
                        .authorities())
                .contains(folder.resolve("ca.pem"));
    }

    private static RedisSettings read(Map<String, String> environment) {
        return RedisSettings.read(new SettingSource(folder, environment, new Properties()));
    }
}
