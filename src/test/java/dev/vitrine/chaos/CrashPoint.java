package dev.vitrine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A step for routes under test that ends the process as if it had been killed. */
public final class CrashPoint {
    private static final int KILLED = 137;

    /** Has a byte for each death; named by {@code -Dvitrine.home}, which a process and the next one share. */
    private final Path mark = Path.of(System.getProperty("vitrine.home"), "crashed");

    /** Halts unless a process has halted here before. */
    public void once() throws IOException {
        if (!Files.exists(mark)) {
            always();
        }
    }

    /** Halts. */
    public void always() throws IOException {
        Files.write(mark, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Runtime.getRuntime().halt(KILLED);
    }
}
