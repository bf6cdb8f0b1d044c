package dev.vitrine.chaos;

import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code vitrine import} in a process of its own, from the classes under test. */
final class ImportProcess implements AutoCloseable {
    private final Path log;
    private final Process process;
    private long largest;

    /** @param arguments of {@code vitrine import} */
    ImportProcess(Path folder, List<String> jvm, List<String> arguments) throws IOException {
        this(folder, Map.of(), jvm, arguments);
    }

    /** @param environment of the service that is started where none runs */
    ImportProcess(Path folder, Map<String, String> environment, List<String> jvm, List<String> arguments)
            throws IOException {
        log = folder.resolve("import.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dvitrine.home=" + RunningVitrine.HOME,
                "dev.vitrine.cli.Main",
                "import"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VITRINE_"));
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        process = builder.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it without warning. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Waits for its end, and gives its exit code. */
    int await(long seconds) throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
            largest = Math.max(largest, largestNow());
            if (System.nanoTime() > end) {
                throw new IllegalStateException("It did not end:\n" + log());
            }
        }
        return process.exitValue();
    }

    /** The largest resident size that it had, in MB; 0 where the system does not say. */
    long largestMegabytes() {
        return largest;
    }

    private long largestNow() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
