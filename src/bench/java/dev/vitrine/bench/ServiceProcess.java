package dev.vitrine.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The service in a process of its own, started by the launcher as a user starts it, in a data folder of its own. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(120);
    private static final long POLL_MILLIS = 10;
    private static final Pattern BATCHES =
            Pattern.compile("vitrine_encoder_batches_total\\{[^}]*size=\"(\\d+)\"[^}]*} (\\S+)");

    private static final Pattern STEPS =
            Pattern.compile("camel_message_history_seconds_(sum|count)\\{[^}]*node_id=\"([^\"]+)\"[^}]*} (\\S+)");

    private final Process process;
    private final int port;
    private final Path data;
    private final Path log;
    private final long begun = System.nanoTime();
    private final ObjectMapper json = new ObjectMapper();

    private ServiceProcess(Process process, int port, Path data, Path log) {
        this.process = process;
        this.port = port;
        this.data = data.toAbsolutePath();
        this.log = log;
    }

    /**
     * Starts the service; it need not answer yet.
     *
     * @param home the installation
     * @param data its data folder, empty
     * @param role {@code all}, {@code api} or {@code worker}
     */
    static ServiceProcess start(Path home, Path data, String model, String role) {
        return start(home, data, model, role, Map.of());
    }

    /**
     * Starts the service; it need not answer yet.
     *
     * @param data its data folder
     * @param more settings that go before the benchmark's own
     */
    static ServiceProcess start(Path home, Path data, String model, String role, Map<String, String> more) {
        try {
            Files.createDirectories(data);
            int port = FreePort.find();
            Map<String, String> settings = new HashMap<>();
            settings.put("VITRINE_HTTP_HOST", "127.0.0.1");
            settings.put("VITRINE_HTTP_PORT", Integer.toString(port));
            settings.put("VITRINE_REDIS_URL", "embedded");
            settings.put("VITRINE_QDRANT_URL", "embedded");
            settings.put("VITRINE_DATA_DIR", data.toString());
            settings.put("VITRINE_INBOX", data.resolve("inbox").toString());
            settings.put("VITRINE_MODEL", model);
            settings.putAll(more);
            Path log = data.resolve("service-" + port + ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            List.of(home.resolve("vitrine").toString(), "start", "--role", role))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("VITRINE_") && !name.endsWith("_OPTS"));
            builder.environment().putAll(settings);
            return new ServiceProcess(builder.start(), port, data, log);
        } catch (IOException e) {
            throw new BenchException("The service cannot be started: " + e.getMessage(), e);
        }
    }

    int port() {
        return port;
    }

    /** The service's process, then those that it started. */
    long[] pids() {
        return LongStream.concat(LongStream.of(process.pid()), started().mapToLong(ProcessHandle::pid))
                .toArray();
    }

    /** Its children, and its Redis, which is nobody's child and runs a program of the data folder. */
    private Stream<ProcessHandle> started() {
        return Stream.concat(process.descendants(), ProcessHandle.allProcesses().filter(other -> other.info()
                        .command()
                        .filter(command -> command.startsWith(data.toString()))
                        .isPresent()))
                .distinct();
    }

    /** Returns when a request is answered with this status; ms since the start of the process. */
    double await(byte[] request, int status) throws InterruptedException {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try (Connection connection = new Connection(port)) {
                if (connection.send(request).status() == status) {
                    return (System.nanoTime() - begun) / 1e6;
                }
            } catch (IOException e) {
                // not there yet
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new BenchException("The service did not start; it said: " + lastLine());
    }

    /** How many jobs are completed, and how many have yet to be. */
    record Progress(long completed, long owed) {}

    /** What {@code /stats} says now. */
    Progress progress() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/stats").toURL().openConnection();
            JsonNode jobs = json.readTree(connection.getInputStream()).path("jobs");
            if (jobs.path("failed").asLong() > 0) {
                throw new BenchException("Jobs failed; the service said: " + lastLine());
            }
            return new Progress(
                    jobs.path("completed").asLong(),
                    jobs.path("queued").asLong()
                            + jobs.path("processing").asLong()
                            + jobs.path("retrying").asLong());
        } catch (IOException e) {
            throw new BenchException("The service no longer answers; it said: " + lastLine(), e);
        }
    }

    /** How many runs of the image tower had so many pictures, by that number. */
    Map<Integer, Long> batches() {
        try (Connection connection = new Connection(port)) {
            String metrics = connection.send(Connection.get("/observe/metrics")).body();
            Map<Integer, Long> batches = new TreeMap<>();
            for (Matcher m = BATCHES.matcher(metrics); m.find(); ) {
                batches.put(Integer.parseInt(m.group(1)), (long) Double.parseDouble(m.group(2)));
            }
            return batches;
        } catch (IOException e) {
            throw new BenchException("The service does not tell its metrics; it said: " + lastLine(), e);
        }
    }

    /** Resident memory of the service's own process, in MB; empty where the system does not tell. */
    Optional<Double> residentMegabytes() {
        return Machine.residentMegabytes(process.pid());
    }

    /** Resident memory of the processes that it started (Redis), in MB. */
    double childrensMegabytes() {
        return started()
                .mapToDouble(child -> Machine.residentMegabytes(child.pid()).orElse(0.0))
                .sum();
    }

    /** Processor time of the service and what it started, in seconds. */
    double cpuSeconds() {
        return LongStream.of(pids()).mapToDouble(Machine::seconds).sum();
    }

    /** The threads of the service's own process by their number. */
    Map<String, Machine.ThreadTime> threads() {
        return Machine.threads(process.pid());
    }

    /** Processor time of what it started, in seconds. */
    double childrensSeconds() {
        return started().mapToDouble(child -> Machine.seconds(child.pid())).sum();
    }

    /** The sum and the count of each step of the route {@code worker} so far, in seconds, by the step's id. */
    Map<String, double[]> steps() {
        try (Connection connection = new Connection(port)) {
            String metrics = connection.send(Connection.get("/observe/metrics")).body();
            Map<String, double[]> steps = new TreeMap<>();
            for (Matcher m = STEPS.matcher(metrics); m.find(); ) {
                steps.computeIfAbsent(m.group(2), id -> new double[2])[m.group(1).equals("sum") ? 0 : 1] =
                        Double.parseDouble(m.group(3));
            }
            return steps;
        } catch (IOException e) {
            throw new BenchException("The service does not tell its metrics; it said: " + lastLine(), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                started().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "nothing that can be read";
        }
    }
}
