package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wrong clocks of the tests of several machines. */
@Tag("cluster")
class ClockTest {
    private static final int WAIT_MS = 100;

    @TempDir
    Path folder;

    private Clock clock;
    private Process program;

    /** Says the time and how long a wait took, again and again. */
    public static void main(String[] arguments) throws InterruptedException {
        Object monitor = new Object();
        while (true) {
            long start = System.nanoTime();
            synchronized (monitor) {
                monitor.wait(WAIT_MS);
            }
            System.out.println(Instant.now() + " " + (System.nanoTime() - start) / 1_000_000);
        }
    }

    @BeforeEach
    void start() throws IOException {
        if (!Clock.canBeWrong()) {
            System.out.println("[WARNING] Wrong clocks are skipped: there is no libfaketime");
        }
        assumeTrue(Clock.canBeWrong());
        clock = Clock.at(folder.resolve("clock")).orElseThrow();
        clock.set(Duration.ofMinutes(5));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClockTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(clock.environment());
        program = builder.start();
    }

    @AfterEach
    void stop() {
        if (program != null) {
            program.destroyForcibly();
        }
    }

    @Test
    void jumpsWhileAProgramRunsWhoseWaitsAreAsLongAsEver() throws IOException {
        BufferedReader said = program.inputReader();
        assertThat(wrongBy(said.readLine())).isBetween(Duration.ofSeconds(295), Duration.ofSeconds(305));

        clock.set(Duration.ofMinutes(-2));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Duration wrong = Duration.ofMinutes(5);
        while (!wrong.isNegative() && System.nanoTime() < end) {
            wrong = wrongBy(said.readLine());
        }
        assertThat(wrong).isBetween(Duration.ofSeconds(-125), Duration.ofSeconds(-115));
    }

    private static Duration wrongBy(String line) {
        String[] parts = line.split(" ");
        assertThat(Long.parseLong(parts[1])).as("ms of a wait").isGreaterThanOrEqualTo(WAIT_MS - 1);
        return Duration.between(Instant.now(), Instant.parse(parts[0]));
    }
}
