package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.RedisCallback;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

class EmbeddedRedisTest {

    @TempDir
    Path folder;

    @Test
    void keepsWhatWasWrittenAndEndsWithItsService() throws Exception {
        long pid;
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            pid = redis.pid();
            set(redis, "k", "v");
        }
        await().untilAsserted(() ->
                assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
        assertThat(folder.resolve("redis.conf")).doesNotExist();

        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(get(redis, "k")).isEqualTo("v");
        }
    }

    @Test
    void endsAServerThatRefusesWhileItWritesItsFirstFile() throws Exception {
        long pid;
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            pid = redis.pid();
            makeTheFirstFileTakeASecond(redis);
        }
        await().untilAsserted(() ->
                assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty());
    }

    private static void makeTheFirstFileTakeASecond(EmbeddedRedis redis) {
        try (RedisConnections connections = new RedisConnections(redis.url())) {
            for (int i = 0; i < 20; i++) {
                connections.template().opsForValue().set("k" + i, "v");
            }
            connections.template().execute((RedisCallback<Void>) connection -> {
                connection.serverCommands().setConfig("rdb-key-save-delay", "50000");
                connection.serverCommands().setConfig("appendonly", "no");
                connection.serverCommands().setConfig("appendonly", "yes");
                return null;
            });
        }
    }

    @Test
    void isSetUpToLoseNothingAndToLetNobodyElseIn() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder);
                RedisConnections connections = new RedisConnections(redis.url())) {
            Properties config = connections.template().execute((RedisCallback<Properties>)
                    connection -> connection.serverCommands().getConfig("*"));
            assertThat(config)
                    .containsEntry("appendonly", "yes")
                    .containsEntry("appendfsync", "everysec")
                    .containsEntry("maxmemory-policy", "noeviction")
                    .containsEntry("save", "")
                    .containsEntry("bind", "127.0.0.1")
                    .containsEntry("dir", folder.toRealPath().toString());
            new RedisCheck(connections).run();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("redis.conf"))))
                    .isEqualTo("rw-------");
            try (Jedis stranger = new Jedis("127.0.0.1", connections.factory().getPort())) {
                assertThatThrownBy(stranger::ping)
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageContaining("NOAUTH");
            }
        }
    }

    @Test
    void leavesNothingOutsideItsFolder() throws Exception {
        Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder);
                Stream<Path> litter = Files.list(temp)) {
            assertThat(redis.pid()).isPositive();
            assertThat(litter.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("redis-server") || name.startsWith("embedded-redis"));
        }
    }

    @Test
    void refusesAFolderThatAnotherServiceUses() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThatThrownBy(() -> EmbeddedRedis.start(folder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another Vitrine runs on")
                    .hasMessageContaining("VITRINE_DATA_DIR");
            assertThat(get(redis, "k")).isNull();
        }
    }

    @Test
    void startsAServerThatDiedAgainWithItsData() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            long first = redis.pid();
            set(redis, "k", "v");

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().until(() -> redis.pid() != first);
            assertThat(get(redis, "k")).isEqualTo("v");
        }
    }

    @Test
    void endsInOrderWhenItsServiceIsKilled() throws Exception {
        Process service = startService();
        long orphan = pidFrom(service);

        service.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(Files.readString(folder.resolve("redis.log"))).contains("Redis is now ready to exit");
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(get(redis, "k")).isEqualTo("written before the kill");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAServerThatOutlivedItsServiceAlsoWhereItsNumberIsLost(boolean numberIsKept) throws Exception {
        Process service = startService();
        long orphan = pidFrom(service);
        service.children().forEach(ProcessHandle::destroyForcibly); // its guard
        service.destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isPresent();
        if (!numberIsKept) {
            Files.delete(folder.resolve("redis.pid"));
        }

        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(redis.pid()).isNotEqualTo(orphan);
            await().until(() ->
                    ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
            assertThat(get(redis, "k")).isEqualTo("written before the kill");
        }
    }

    @Test
    void takesNoLiveServerForDeadWhileNoFileCanBeOpened() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 400; exec \"$@\"", "sh"));
        command.addAll(service(ServiceWithoutFiles.class));
        Process service = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = service.inputReader()) {
            assertThat(out.readLine()).isEqualTo("the same server, alive");
        } finally {
            service.destroyForcibly().waitFor();
        }
    }

    private Process startService() throws IOException {
        return new ProcessBuilder(service(KilledService.class))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> service(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                folder.toString());
    }

    private static long pidFrom(Process service) throws IOException {
        return Long.parseLong(service.inputReader().readLine());
    }

    @Test
    void leavesAForeignProcessWithTheOldNumberAlone() throws Exception {
        Process foreign = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve("redis.pid"), foreign.pid() + "\n");

            EmbeddedRedis.start(folder).close();

            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    void loadsAnAppendOnlyFileThatEndsInTheMiddleOfACommand() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            set(redis, "k", "v");
        }
        Path aof;
        try (Stream<Path> files = Files.walk(folder)) {
            aof = files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(aof, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1", StandardOpenOption.APPEND);

        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(get(redis, "k")).isEqualTo("v");
        }
    }

    @Test
    void saysWhyTheServerDidNotStart() throws Exception {
        Path aof = Files.createDirectories(folder.resolve("appendonlydir"));
        Files.writeString(aof.resolve("appendonly.aof.manifest"), "nonsense\n");

        assertThatThrownBy(() -> EmbeddedRedis.start(
                        folder, new EmbeddedRedis.Options(EmbeddedRedis.Fsync.ALWAYS, Duration.ofSeconds(20), null)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Redis did not start in")
                .hasMessageContaining("manifest");
    }

    @Test
    void saysSoWhereTheServerCannotBeRun() {
        assertThatThrownBy(() -> EmbeddedRedis.start(
                        folder,
                        new EmbeddedRedis.Options(
                                EmbeddedRedis.Fsync.EVERYSEC, Duration.ofSeconds(5), folder.resolve("missing"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("VITRINE_REDIS_URL");
    }

    private static void set(EmbeddedRedis redis, String key, String value) {
        try (RedisConnections connections = new RedisConnections(redis.url())) {
            connections.template().opsForValue().set(key, value);
        }
    }

    private static String get(EmbeddedRedis redis, String key) {
        try (RedisConnections connections = new RedisConnections(redis.url())) {
            return connections.template().opsForValue().get(key);
        }
    }

    /** A service that starts its Redis, says its process id, and is killed. */
    static final class KilledService {

        private KilledService() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            EmbeddedRedis redis = EmbeddedRedis.start(Path.of(args[0]));
            set(redis, "k", "written before the kill");
            System.out.println(redis.pid());
            Thread.sleep(Duration.ofMinutes(1).toMillis());
        }
    }

    /** A service that has opened all the files it may, for longer than its watch over Redis needs to look. */
    static final class ServiceWithoutFiles {

        private ServiceWithoutFiles() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            EmbeddedRedis redis = EmbeddedRedis.start(Path.of(args[0]));
            long before = redis.pid();
            List<RandomAccessFile> files = new ArrayList<>();
            try {
                while (true) {
                    files.add(new RandomAccessFile("/dev/null", "r"));
                }
            } catch (FileNotFoundException e) {
                Thread.sleep(1_000); // four looks
            }
            for (RandomAccessFile file : files) {
                file.close();
            }
            boolean alive =
                    ProcessHandle.of(before).filter(ProcessHandle::isAlive).isPresent();
            System.out.println(
                    redis.pid() == before && Files.exists(Path.of(args[0], "redis.pid")) && alive
                            ? "the same server, alive"
                            : "another server");
            redis.close();
        }
    }
}
