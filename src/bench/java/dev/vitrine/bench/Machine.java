package dev.vitrine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the benchmark runs on, and what else runs there; the latter only where there is {@code /proc}. */
final class Machine {
    private static final Path PROC = Path.of("/proc");

    /** Linux counts processor time in hundredths of a second, whatever the kernel is built with. */
    private static final double TICKS_A_SECOND = 100;

    private Machine() {}

    /** Processors, memory, system and Java in a line. */
    static String describe() {
        String processor = firstMatch(PROC.resolve("cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
        String memory = firstMatch(PROC.resolve("meminfo"), "MemTotal")
                .map(text -> ", " + Math.round(Long.parseLong(text.replaceAll("\\D", "")) / 1048576.0) + " GB")
                .orElse("");
        return cores() + " cores (" + processor + ")" + memory + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + System.getProperty("java.version");
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Seconds of processor time that the whole machine has spent, stolen time included; empty where unknown. */
    static Optional<Double> busySeconds() {
        return total(1, 2, 3, 6, 7, 8); // user, nice, system, irq, softirq, steal
    }

    /** Seconds of processor time that the host has withheld from the machine; empty where unknown. */
    static Optional<Double> stolenSeconds() {
        return total(8);
    }

    private static Optional<Double> total(int... fields) {
        return firstLine(PROC.resolve("stat")).map(line -> {
            String[] t = line.trim().split("\\s+");
            double ticks = 0;
            for (int i : fields) {
                ticks += i < t.length ? Double.parseDouble(t[i]) : 0;
            }
            return ticks / TICKS_A_SECOND;
        });
    }

    /** Seconds of processor time of a process; 0 where unknown. */
    static double seconds(long pid) {
        return firstLine(PROC.resolve(pid + "/stat"))
                .map(Machine::processorSeconds)
                .orElse(0.0);
    }

    /**
     * Processor time of a thread so far.
     *
     * @param name the first 15 characters of it
     */
    record ThreadTime(String name, double seconds) {}

    /** The threads of a process by their number; empty where unknown. */
    static Map<String, ThreadTime> threads(long pid) {
        Map<String, ThreadTime> times = new HashMap<>();
        try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                // A thread may end meanwhile; then it has no line.
                firstLine(thread.resolve("stat"))
                        .ifPresent(line -> times.put(
                                thread.getFileName().toString(),
                                new ThreadTime(
                                        line.substring(line.indexOf('(') + 1, line.lastIndexOf(')')),
                                        processorSeconds(line))));
            }
        } catch (IOException e) {
            return Map.of();
        }
        return times;
    }

    private static double processorSeconds(String stat) {
        String[] t = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(t[11]) + Double.parseDouble(t[12])) / TICKS_A_SECOND;
    }

    /** Resident memory of a process in MB; empty where unknown. */
    static Optional<Double> residentMegabytes(long pid) {
        return firstMatch(PROC.resolve(pid + "/status"), "VmRSS")
                .map(text -> Long.parseLong(text.replaceAll("\\D", "")) / 1024.0);
    }

    private static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> firstMatch(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
