package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.testing.LogLines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.RedisConnectionUtils;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

@ExtendWith(RedisExtension.class)
class RedisCheckTest {

    private RedisConnections connections;

    @BeforeEach
    void connect(RedisConnections connections) {
        this.connections = connections;
    }

    @AfterEach
    void restore() {
        set("maxmemory-policy", "noeviction");
        set("appendonly", "yes");
    }

    @Test
    void refusesARedisThatThrowsJobsAway() {
        set("maxmemory-policy", "allkeys-lru");

        assertThatThrownBy(() -> new RedisCheck(connections).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("allkeys-lru")
                .hasMessageContaining("set maxmemory-policy noeviction");
    }

    @Test
    void letsARedisPassThatKeepsNothingOnDisk() {
        set("appendonly", "no");

        assertThatCode(() -> new RedisCheck(connections).run()).doesNotThrowAnyException();
    }

    @Test
    void worksWhereScriptsMustBeSentWhole() {
        user("whole", "+@all", "-evalsha", "-script");
        try (RedisConnections whole = as("whole")) {
            JobQueue queue = new JobQueue(whole.template(), "vitrine", QueueSettings.DEFAULT);
            whole.template().opsForList().leftPush("{vitrine}:jobs", "one");

            assertThatCode(() -> new RedisCheck(whole).run()).doesNotThrowAnyException();
            Delivery taken =
                    queue.take(1, "w", Duration.ofSeconds(9)).deliveries().get(0);
            assertThat(queue.complete(taken, null)).isTrue();
        }
    }

    @Test
    void worksWhereCommandsAreRenamedAway(@TempDir Path folder) {
        try (RedisServer server = new RedisServer(folder, "no")
                        .without("EVALSHA", "SCRIPT", "CONFIG")
                        .start();
                RedisConnections renamed = new RedisConnections(server.url());
                LogLines said = new LogLines(RedisCheck.class)) {
            JobQueue queue = new JobQueue(renamed.template(), "vitrine", QueueSettings.DEFAULT);
            renamed.template().opsForList().leftPush("{vitrine}:jobs", "one");

            new RedisCheck(renamed).run();

            assertThat(said.messages())
                    .anyMatch(line -> line.contains("make sure that maxmemory-policy is noeviction"));
            Delivery taken =
                    queue.take(1, "w", Duration.ofSeconds(9)).deliveries().get(0);
            assertThat(queue.complete(taken, null)).isTrue();
            assertThat(new RedisExamination(new RedisSettings(server.url(), Duration.ofDays(7)), Clock.systemUTC())
                            .run())
                    .noneMatch(one -> one.verdict() == Diagnosis.Verdict.FAULT);
        }
    }

    @Test
    void saysThatItNeedsEvalWhereThatIsRenamedAway(@TempDir Path folder) {
        try (RedisServer server =
                        new RedisServer(folder, "no").without("EVALSHA", "EVAL").start();
                RedisConnections renamed = new RedisConnections(server.url())) {
            assertThatThrownBy(() -> new RedisCheck(renamed).run())
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(RedisAwayException.class)
                    .hasMessageContaining("does not let Vitrine run scripts on its keys")
                    .hasMessageContaining("EVAL");
        }
    }

    @Test
    void worksWithoutWhatManagedServersForbid() {
        user("managed", "+@all", "-@admin", "-@dangerous");
        try (RedisConnections managed = as("managed")) {
            assertThatCode(() -> new RedisCheck(managed).run()).doesNotThrowAnyException();
            assertThat(new RedisExamination(new RedisSettings(url("managed"), Duration.ofDays(7)), Clock.systemUTC())
                            .run())
                    .noneMatch(one -> one.verdict() == Diagnosis.Verdict.FAULT);
        }
    }

    @Test
    void saysWhereScriptsAreForbidden() {
        user("scriptless", "+@all", "-@scripting");
        try (RedisConnections scriptless = as("scriptless")) {
            assertThatThrownBy(() -> new RedisCheck(scriptless).run())
                    .isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(RedisAwayException.class)
                    .hasMessageContaining("does not let Vitrine run scripts on its keys")
                    .hasMessageContaining("EVAL");
        }
    }

    @Test
    void runsScriptsThatTheServerForgot() {
        JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        queue.depth();
        connections.template().execute((RedisCallback<Object>) redis -> {
            redis.scriptingCommands().scriptFlush();
            return null;
        });
        assertThat(queue.depth().waiting()).isZero();
    }

    /** It is an answer to the caller as any other that Redis does not give. */
    @Test
    void aScriptOfWhichNothingIsHeardHasFailed() {
        JobQueue queue = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        RedisConnection later = RedisConnectionUtils.bindConnection(connections.factory());
        try {
            later.openPipeline();
            assertThatThrownBy(queue::depth).isInstanceOf(DataAccessException.class);
            assertThatThrownBy(() -> new VersionCounter(connections.template(), "vitrine").draw(0))
                    .isInstanceOf(DataAccessException.class);
        } finally {
            later.closePipeline();
            RedisConnectionUtils.unbindConnection(connections.factory());
        }
        RedisScript<Long> silent = new DefaultRedisScript<>("return false", Long.class);
        assertThatThrownBy(() -> connections.template().execute(silent, List.of()))
                .isInstanceOf(DataAccessException.class);
        assertThat(queue.depth().waiting()).isZero();
    }

    private String url(String user) {
        return "redis://" + user + ":g@127.0.0.1:" + connections.factory().getPort();
    }

    private RedisConnections as(String user) {
        return new RedisConnections(url(user));
    }

    private void user(String name, String... rules) {
        byte[][] arguments = Stream.concat(Stream.of("SETUSER", name, "reset", "on", ">g", "~*"), Stream.of(rules))
                .map(RedisCheckTest::bytes)
                .toArray(byte[][]::new);
        connections.template().execute((RedisCallback<Object>) redis -> redis.execute("ACL", arguments));
    }

    @Test
    void letsARedisPassThatForbidsConfig() {
        connections.template().execute((RedisCallback<Object>) redis -> redis.execute(
                "ACL",
                bytes("SETUSER"),
                bytes("guest"),
                bytes("on"),
                bytes(">g"),
                bytes("~*"),
                bytes("+@all"),
                bytes("-config")));
        try (RedisConnections guest = new RedisConnections(
                "redis://guest:g@127.0.0.1:" + connections.factory().getPort())) {
            assertThatCode(() -> new RedisCheck(guest).run()).doesNotThrowAnyException();
        }
    }

    @Test
    void saysWhereNoRedisAnswers() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RedisConnections nobody = new RedisConnections("redis://127.0.0.1:" + port)) {
            assertThatThrownBy(() -> new RedisCheck(nobody).run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("VITRINE_REDIS_URL");
        }
    }

    @Test
    void saysThatThePasswordIsRefused() {
        try (RedisConnections stranger = new RedisConnections(
                "redis://stranger:wrong@127.0.0.1:" + connections.factory().getPort())) {
            assertThatThrownBy(() -> new RedisCheck(stranger).ping())
                    .isInstanceOf(RedisAwayException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("No answer")
                    .hasMessageContaining("VITRINE_REDIS_URL");
        }
    }

    @Test
    void refusesToStartWithAWrongPasswordInOneSentence() {
        QueuePart queue = new QueuePart(
                new RedisSettings(
                        "redis://:wrong@127.0.0.1:" + connections.factory().getPort(), Duration.ofDays(7)),
                Path.of("unused"),
                "worker",
                true,
                true,
                1,
                JobObservers.NONE);
        try (LogLines log = new LogLines(QueuePart.class)) {
            assertThatThrownBy(queue::open).hasMessageContaining("does not let Vitrine in");
            assertThat(log.messages()).isEmpty();
        }
    }

    private void set(String setting, String value) {
        connections.template().execute((RedisCallback<Void>) redis -> {
            redis.serverCommands().setConfig(setting, value);
            return null;
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
