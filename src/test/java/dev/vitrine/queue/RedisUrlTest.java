package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.queue.RedisUrl.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisUrlTest {

    @Test
    void readsUserPasswordAndDatabase() {
        RedisUrl url = RedisUrl.of("redis://shop:p%40ss+word@example.test:7000/3");

        assertThat(url.kind()).isEqualTo(Kind.SINGLE);
        assertThat(url.where()).isEqualTo("example.test:7000");
        assertThat(url.user()).isEqualTo("shop");
        assertThat(url.password()).isEqualTo("p@ss+word");
        assertThat(url.database()).isEqualTo(3);
        assertThat(url.tls()).isFalse();
    }

    @Test
    void takesTheUsualPortAndTls() {
        RedisUrl url = RedisUrl.of("rediss://:secret@example.test");

        assertThat(url.hosts()).containsExactly(new HostAndPort("example.test", 6379));
        assertThat(url.user()).isNull();
        assertThat(url.password()).isEqualTo("secret");
        assertThat(url.tls()).isTrue();
    }

    @Test
    void readsSentinelsWithTheNameOfTheirMaster() {
        RedisUrl url = RedisUrl.of("rediss+sentinel://shop:pw@one:7001,two,[::1]:7003/my-master/2");

        assertThat(url.kind()).isEqualTo(Kind.SENTINEL);
        assertThat(url.hosts())
                .containsExactly(
                        new HostAndPort("one", 7001), new HostAndPort("two", 26379), new HostAndPort("::1", 7003));
        assertThat(url.master()).isEqualTo("my-master");
        assertThat(url.database()).isEqualTo(2);
        assertThat(url.user()).isEqualTo("shop");
        assertThat(url.tls()).isTrue();
        assertThat(url.where()).isEqualTo("master my-master of the sentinels one:7001,two:26379,::1:7003");
    }

    @Test
    void readsNodesOfACluster() {
        RedisUrl url = RedisUrl.of("redis+cluster://:pw@one:7001,two:7002");

        assertThat(url.kind()).isEqualTo(Kind.CLUSTER);
        assertThat(url.hosts()).containsExactly(new HostAndPort("one", 7001), new HostAndPort("two", 7002));
        assertThat(url.password()).isEqualTo("pw");
        assertThat(url.toString()).isEqualTo("redis+cluster://cluster one:7001,two:7002");
    }

    @Test
    void refusesADatabaseOfAClusterWithWhatToDo() {
        assertThatThrownBy(() -> RedisUrl.of("redis+cluster://one/3")).hasMessageContaining("take the number off");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:secret@host",
                "redis://",
                "redis://:secret@host:1/x",
                "redis://:sec ret@host",
                "redis://:secret@one,two",
                "redis+sentinel://:secret@one:1",
                "redis+sentinel://:secret@one:1/",
                "redis+sentinel://:secret@one:1,/name",
                "redis+cluster://:secret@one:x",
                "redis+proxy://:secret@one",
                "secret"
            })
    void refusesAnyOtherUrlWithoutRepeatingThePassword(String url) {
        assertThatThrownBy(() -> RedisUrl.of(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://[user:password@]host:port[/db]")
                .hasMessageContaining("redis+sentinel://")
                .hasNoCause()
                .message()
                .doesNotContain("secret", "sec ret");
    }
}
