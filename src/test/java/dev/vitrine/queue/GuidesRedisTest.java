package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Redis and a sentinel by the files that docs/scaling.md gives, but for addresses. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no Redis is bundled")
class GuidesRedisTest {
    @TempDir
    Path folder;

    @Test
    void aSentinelFindsTheMasterAndTheMasterIsFit() throws Exception {
        Matcher blocks = Pattern.compile("```conf\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/scaling.md")));
        assertThat(blocks.find()).isTrue();
        int redisPort = RunningVitrine.freePort();
        String redis = blocks.group(1).replace("0.0.0.0", "127.0.0.1") + "port " + redisPort + "\n";
        assertThat(blocks.find()).isTrue();
        int sentinelPort = RunningVitrine.freePort();
        String sentinel = blocks.group(1)
                        .replace("port 26379", "port " + sentinelPort)
                        .replace("10.0.0.1 6379", "127.0.0.1 " + redisPort)
                + "bind 127.0.0.1\n";
        List<Process> started = new ArrayList<>();
        try {
            started.add(start("redis.conf", redis));
            try (Jedis master = connect(redisPort, "CHANGE-ME")) {
                assertThat(master.configGet("maxmemory-policy")).containsValue("noeviction");
                assertThat(master.configGet("appendonly")).containsValue("yes");
            }
            started.add(start("sentinel.conf", sentinel, "--sentinel"));
            try (Jedis asked = connect(sentinelPort, null)) {
                assertThat(asked.sentinelGetMasterAddrByName("vitrine"))
                        .containsExactly("127.0.0.1", Integer.toString(redisPort));
                await().untilAsserted(() -> assertThat(asked.sentinelMaster("vitrine"))
                        .as("it has the password")
                        .containsEntry("flags", "master"));
            }
        } finally {
            started.forEach(Process::destroyForcibly);
            for (Process process : started) {
                process.waitFor();
            }
        }
    }

    private Process start(String name, String content, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve(name), content);
        List<String> command =
                new ArrayList<>(List.of(RedisBinary.extractInto(folder).toString(), file.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private static Jedis connect(int port, String password) {
        return await().ignoreExceptionsInstanceOf(JedisException.class)
                .until(
                        () -> {
                            Jedis jedis = new Jedis(
                                    new HostAndPort("127.0.0.1", port),
                                    DefaultJedisClientConfig.builder()
                                            .password(password)
                                            .build());
                            jedis.ping();
                            return jedis;
                        },
                        jedis -> true);
    }
}
