package dev.vitrine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A step for routes under test: the first process that comes by here ends as if it had been killed. */
public final class CrashPoint {
    private static final int KILLED = 137;

    /** Halts unless a process has halted here before; the file that says so is named by {@code -Dvitrine.home}. */
    public void pass() throws IOException {
        Path mark = Path.of(System.getProperty("vitrine.home"), "crashed");
        if (!Files.exists(mark)) {
            Files.createFile(mark);
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
