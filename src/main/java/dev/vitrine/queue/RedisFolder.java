package dev.vitrine.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of an embedded Redis: its configuration, the number of its process, and its log. */
record RedisFolder(Path path) {

    private static final Pattern LOG_LINE = Pattern.compile("^(\\d{1,9}):[A-Z] ", Pattern.MULTILINE);

    /** Makes the folder where it is missing, and lets nobody else into it. */
    static RedisFolder make(Path path) throws IOException {
        Path real = Files.createDirectories(path).toRealPath();
        restrict(real, "rwx------");
        return new RedisFolder(real);
    }

    Path config() {
        return path.resolve("redis.conf");
    }

    Path log() {
        return path.resolve("redis.log");
    }

    /** What the server says before it has a log. */
    Path output() {
        return path.resolve("redis.out");
    }

    /** Makes ready for another start: the configuration anew, no process id, the old log out of the way. */
    void prepare(int port, String password, String fsync) throws IOException {
        Files.deleteIfExists(config());
        Files.createFile(config());
        restrict(config(), "rw-------");
        Files.writeString(
                config(),
                String.join(
                        "\n",
                        "# Written anew at every start.",
                        "bind 127.0.0.1",
                        "port " + port,
                        "requirepass " + password,
                        "daemonize yes",
                        "dir " + quoted(path),
                        "pidfile " + quoted(pidFile()),
                        "logfile " + quoted(log()),
                        "appendonly yes",
                        "appendfsync " + fsync,
                        "aof-load-truncated yes",
                        "save \"\"",
                        "maxmemory-policy noeviction",
                        ""));
        Files.deleteIfExists(pidFile());
        if (Files.exists(log())) {
            Files.move(log(), path.resolve("redis.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The settings of the last start; empty after a server was shut down in order. */
    Map<String, String> settings() throws IOException {
        if (!Files.exists(config())) {
            return Map.of();
        }
        try (Stream<String> lines = Files.lines(config())) {
            return lines.map(line -> line.split(" ", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, second) -> second));
        }
    }

    /** The process id that the server has left, which it does as soon as it listens. */
    OptionalLong pid() throws IOException {
        if (!Files.exists(pidFile())) {
            return OptionalLong.empty();
        }
        String text = Files.readString(pidFile()).strip();
        return text.matches("\\d{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The process id at the head of the log's last line. */
    Optional<Long> lastLoggedPid() throws IOException {
        if (!Files.exists(log())) {
            return Optional.empty();
        }
        return LOG_LINE.matcher(Files.readString(log(), StandardCharsets.ISO_8859_1))
                .results()
                .reduce((first, second) -> second)
                .map(line -> Long.parseLong(line.group(1)));
    }

    /** The end of what the server said. */
    String lastLines() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : List.of(output(), log())) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
                lines.stream().skip(Math.max(0, lines.size() - 10)).forEach(line -> all.append(line)
                        .append('\n'));
            }
        }
        return all.toString().strip();
    }

    /** Leaves no password behind. */
    void forgetConfig() throws IOException {
        Files.deleteIfExists(config());
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private Path pidFile() {
        return path.resolve("redis.pid");
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void restrict(Path path, String permissions) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
