package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class RedisExaminationTest {
    @TempDir
    private Path folder;

    private static List<Diagnosis> examine(String url, Clock clock) {
        return new RedisExamination(new RedisSettings(url, Duration.ofDays(7)), clock).run();
    }

    private static Diagnosis of(List<Diagnosis> all, String subject) {
        return all.stream()
                .filter(one -> one.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void seesPolicyPersistenceMemoryRoleAndClock() {
        try (RedisServer redis = new RedisServer(folder.resolve("a"), "no")
                        .withUser("v", "right")
                        .start();
                RedisServer primary = new RedisServer(folder.resolve("b"), "no").start();
                Jedis admin = redis.connect()) {
            String url = redis.url();
            List<Diagnosis> good = examine(url, Clock.systemUTC());
            assertThat(good).allMatch(one -> one.verdict() == Verdict.GOOD).hasSize(5);
            assertThat(of(good, "redis").found()).contains("127.0.0.1:" + redis.port(), "version");

            admin.configSet("maxmemory-policy", "allkeys-lru");
            assertThat(of(examine(url, Clock.systemUTC()), "redis")).satisfies(one -> {
                assertThat(one.verdict()).isEqualTo(Verdict.FAULT);
                assertThat(one.found()).contains("allkeys-lru");
                assertThat(one.advice()).isEqualTo("set maxmemory-policy noeviction");
            });
            admin.configSet("maxmemory-policy", "noeviction");

            admin.configSet("appendonly", "no");
            admin.configSet("maxmemory", "1000000");
            List<Diagnosis> some = examine(url, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(5)));
            assertThat(of(some, "redis persistence").advice()).contains("appendonly yes");
            assertThat(of(some, "redis memory").verdict()).isEqualTo(Verdict.ADVICE);
            assertThat(of(some, "clock against Redis").found()).contains("5.0 s behind");
            admin.configSet("maxmemory", "0");

            admin.replicaof("127.0.0.1", primary.port());
            assertThat(of(examine(url, Clock.systemUTC()), "redis role"))
                    .satisfies(one -> assertThat(one.verdict()).isEqualTo(Verdict.FAULT))
                    .satisfies(one -> assertThat(one.advice()).contains("127.0.0.1:" + primary.port()));

            String wrong = "redis://v:wrong-one@127.0.0.1:" + redis.port();
            assertThat(examine(wrong, Clock.systemUTC())).singleElement().satisfies(one -> {
                assertThat(one.verdict()).isEqualTo(Verdict.FAULT);
                assertThat(one.advice()).contains("user and password in VITRINE_REDIS_URL");
                assertThat(one.toString()).doesNotContain("wrong-one");
            });
        }
    }

    @Test
    void saysWhatToDoWhereNoneAnswers() {
        assertThat(examine("redis://127.0.0.1:1", Clock.systemUTC()))
                .singleElement()
                .satisfies(one -> assertThat(one.advice()).contains("start it", "VITRINE_REDIS_URL"));
        assertThat(examine("redis://:secret one@host", Clock.systemUTC()))
                .singleElement()
                .satisfies(one -> assertThat(one.toString()).doesNotContain("secret"));
    }
}
