package dev.vitrine.decoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process has used: asked of the operating system, as the process itself cannot be trusted. */
final class ProcessUse {
    private static final int KILOBYTE = 1024;

    private final ProcessHandle process;
    private final Path status;

    ProcessUse(ProcessHandle process) {
        this.process = process;
        this.status = Path.of("/proc", Long.toString(process.pid()), "status");
    }

    /** Processor time of all its threads since its start; zero where the system does not say. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Memory that it holds, in bytes; 0 where the system does not say, which is anywhere but on Linux. */
    long residentBytes() {
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmRSS:")) {
                    return KILOBYTE * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
