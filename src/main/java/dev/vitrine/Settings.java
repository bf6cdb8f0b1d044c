package dev.vitrine;

import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an installation decides. Each value comes from the environment, else from {@code config/application.properties}
 * beside the launcher, else it is the built-in default; {@code VITRINE_HTTP_PORT} is {@code vitrine.http-port} in the
 * file.
 *
 * @param home the folder with {@code routes/}, {@code models/} and {@code config/}
 * @param role which parts of the pipeline this process runs
 * @param workerId names this process in leases and logs
 * @param redisUrl {@code embedded}, {@code none}, or {@code redis://…} / {@code rediss://…}
 * @param qdrantUrl {@code embedded}, or {@code http(s)://host:6334}
 * @param qdrantApiKey null where there is none
 * @param workers encoder sessions of one thread each
 * @param maxUploadBytes size of a picture file, at most
 * @param maxPixels decoded pixels of a picture, at most
 * @param maxQueue how many jobs may wait before uploads are refused
 * @param minFreeBytes how much room the spool's disk must have for uploads to be taken
 * @param decodeDeadline processor time that decoding one picture may take
 * @param applyExif whether pictures are turned upright
 * @param fetchHosts the hosts that pictures may be fetched from, {@code name}, {@code name:port} or {@code *.name}
 * @param collections the other collections that routes may use
 * @param cli whether Camel's own command line may look at this process and send to its routes
 * @param reload whether changed route files are taken up while the service runs
 */
public record Settings(
        Path home,
        Role role,
        String workerId,
        String httpHost,
        int httpPort,
        String redisUrl,
        String qdrantUrl,
        String qdrantApiKey,
        String collection,
        String model,
        String device,
        Path dataDir,
        Path inbox,
        int workers,
        long maxUploadBytes,
        long maxPixels,
        long maxQueue,
        long minFreeBytes,
        boolean applyExif,
        boolean reduceLargeJpegs,
        Duration decodeDeadline,
        Duration jobTtl,
        List<String> fetchHosts,
        List<String> collections,
        boolean cli,
        boolean reload) {

    /** Which parts of the pipeline a process runs. */
    public enum Role {
        ALL,
        API,
        WORKER;

        /** Whether this process takes uploads and answers queries. */
        public boolean isApi() {
            return this != WORKER;
        }

        /** Whether this process takes jobs from the queue. */
        public boolean isWorker() {
            return this != API;
        }
    }

    /** A setting cannot be understood; the message names it and says what to write. */
    public static final class InvalidSettingException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        InvalidSettingException(String message) {
            super(message);
        }
    }

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([KMGT]?)I?B?");
    private static final Pattern COLLECTION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    /**
     * Reads the settings of an installation.
     *
     * @param environment the process's environment
     * @throws InvalidSettingException when a value is malformed
     */
    public static Settings load(Path home, Map<String, String> environment) {
        return new Source(environment, readFile(home.resolve("config/application.properties"))).settings(home);
    }

    /** Where the service answers, for a client on this machine. */
    public String url() {
        String host = httpHost.equals("0.0.0.0") ? "127.0.0.1" : httpHost;
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + httpPort;
    }

    /** The properties of a file; none where it is missing. */
    static Properties readFile(Path file) {
        Properties properties = new Properties();
        if (Files.isRegularFile(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new InvalidSettingException(file + " cannot be read: " + e.getMessage());
            }
        }
        return properties;
    }

    private record Source(Map<String, String> environment, Properties file) {

        Settings settings(Path home) {
            Path dataDir = home.resolve(text("VITRINE_DATA_DIR", "data")).normalize();
            return new Settings(
                    home,
                    role(),
                    text("VITRINE_WORKER_ID", hostName() + "-" + pid()),
                    text("VITRINE_HTTP_HOST", "127.0.0.1"),
                    (int) number("VITRINE_HTTP_PORT", 8080, 1, 65_535),
                    url("VITRINE_REDIS_URL", List.of("embedded", "none"), List.of("redis://", "rediss://")),
                    url("VITRINE_QDRANT_URL", List.of("embedded"), List.of("http://", "https://")),
                    text("VITRINE_QDRANT_API_KEY", null),
                    text("VITRINE_COLLECTION", "products"),
                    text("VITRINE_MODEL", "auto"),
                    choice("VITRINE_DEVICE", "cpu", "cuda"),
                    dataDir,
                    home.resolve(text("VITRINE_INBOX", dataDir.resolve("inbox").toString()))
                            .normalize(),
                    (int) number("VITRINE_WORKERS", Runtime.getRuntime().availableProcessors(), 1, 1_024),
                    size("VITRINE_MAX_UPLOAD", "20MB"),
                    number("VITRINE_MAX_PIXELS", 50_000_000, 1, 1_000_000_000),
                    number("VITRINE_MAX_QUEUE", 100_000, 1, 1_000_000_000),
                    size("VITRINE_MIN_FREE", "1GB"),
                    choice("VITRINE_EXIF", "apply", "ignore").equals("apply"),
                    choice("VITRINE_LARGE_JPEG", "reduced", "full").equals("reduced"),
                    duration("VITRINE_DECODE_DEADLINE", "30s"),
                    duration("VITRINE_JOB_TTL", "7d"),
                    list("VITRINE_FETCH_HOSTS"),
                    collections(),
                    choice("VITRINE_CLI", "off", "on").equals("on"),
                    choice("VITRINE_RELOAD", "on", "off").equals("on"));
        }

        private String text(String name, String fallback) {
            String value = environment.get(name);
            if (value == null || value.isBlank()) {
                value = file.getProperty("vitrine."
                        + name.substring("VITRINE_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'));
            }
            return value == null || value.isBlank() ? fallback : value.strip();
        }

        private List<String> collections() {
            List<String> names = list("VITRINE_COLLECTIONS");
            for (String name : names) {
                if (!COLLECTION.matcher(name).matches()) {
                    throw new InvalidSettingException("VITRINE_COLLECTIONS has '" + name
                            + "'; a collection's name has 1 to 64 letters, digits, '-' or '_'");
                }
            }
            return names;
        }

        /** What stands between commas. */
        private List<String> list(String name) {
            return Arrays.stream(text(name, "").split(","))
                    .map(String::strip)
                    .filter(entry -> !entry.isEmpty())
                    .toList();
        }

        private Role role() {
            return Role.valueOf(choice("VITRINE_ROLE", "all", "api", "worker").toUpperCase(Locale.ROOT));
        }

        /** One of the choices; the first is the default. */
        private String choice(String name, String... choices) {
            String value = text(name, choices[0]).toLowerCase(Locale.ROOT);
            if (!List.of(choices).contains(value)) {
                throw new InvalidSettingException(
                        name + " is '" + value + "'; it must be one of " + String.join(", ", choices));
            }
            return value;
        }

        private long number(String name, long fallback, long least, long most) {
            String value = text(name, String.valueOf(fallback));
            try {
                long number = Long.parseLong(value.replace("_", ""));
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new InvalidSettingException(
                    name + " is '" + value + "'; it must be a whole number from " + least + " to " + most);
        }

        private long size(String name, String fallback) {
            String value = text(name, fallback);
            Matcher matcher = SIZE.matcher(value.toUpperCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new InvalidSettingException(name + " is '" + value + "'; write a size such as 20MB or 512KB");
            }
            long unit = 1L << (10 * Math.max(0, " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2))));
            return Long.parseLong(matcher.group(1)) * unit;
        }

        private Duration duration(String name, String fallback) {
            String value = text(name, fallback);
            Matcher matcher = DURATION.matcher(value.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new InvalidSettingException(name + " is '" + value + "'; write a time such as 30s, 12h or 7d");
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }

        private String url(String name, List<String> words, List<String> schemes) {
            String value = text(name, words.get(0));
            if (words.contains(value) || schemes.stream().anyMatch(value::startsWith)) {
                return value;
            }
            List<String> all = new ArrayList<>(words);
            schemes.forEach(scheme -> all.add(scheme + "host:port"));
            throw new InvalidSettingException(
                    name + " is '" + value + "'; it must be one of " + String.join(", ", all));
        }

        private static String hostName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }

        private static long pid() {
            return ManagementFactory.getRuntimeMXBean().getPid();
        }
    }
}
