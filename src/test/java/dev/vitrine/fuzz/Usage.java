package dev.vitrine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.vitrine.testing.RunningVitrine;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.spi.InflightRepository;

/** Threads and open files of this process; files are 0 where the system does not tell. */
record Usage(int threads, long files) {
    /** What the pools have when they are warm. */
    private static final int MORE_THREADS = 60;

    private static final int MORE_FILES = 80;

    /** Routes that wait for something to do. */
    private static final int MORE_EXCHANGES = 10;

    static Usage now() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new Usage(ManagementFactory.getThreadMXBean().getThreadCount(), files);
    }

    /** Waits until there are about no more than these, and the service's routes are done with all that came. */
    void awaitNoMore(RunningVitrine service) {
        InflightRepository inflight = service.vitrine().context().getInflightRepository();
        await("threads, files and exchanges are given back")
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> {
                    Usage now = now();
                    assertThat(now.threads).as("threads").isLessThanOrEqualTo(threads + MORE_THREADS);
                    assertThat(now.files)
                            .as(() -> "open files: " + openFiles())
                            .isLessThanOrEqualTo(files + MORE_FILES);
                    assertThat(inflight.browse())
                            .as("exchanges in routes")
                            .extracting(exchange -> exchange.getFromRouteId() + " at " + exchange.getNodeId())
                            .hasSizeLessThanOrEqualTo(MORE_EXCHANGES);
                });
    }

    /** How many files of each kind are open, numbers in their names left out; empty where the system does not tell. */
    private static Map<String, Integer> openFiles() {
        Map<String, Integer> kinds = new TreeMap<>();
        File[] open = new File("/proc/self/fd").listFiles();
        for (File file : open == null ? new File[0] : open) {
            try {
                String name = Files.readSymbolicLink(file.toPath()).toString();
                kinds.merge(name.replaceAll("[0-9a-f]{8}-[0-9a-f-]+|\\d+", "#"), 1, Integer::sum);
            } catch (IOException e) {
                // closed meanwhile
            }
        }
        return kinds;
    }
}
