package dev.vitrine.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code vitrine bench} runs. It comes in a jar of its own, which the launcher adds for this command alone. */
public interface Benchmark {

    /**
     * Measures and reports.
     *
     * @param home the installation that is measured
     * @param quick in under a minute, with shorter measurements and a smaller index
     * @param out where its tables go
     */
    void run(Path home, boolean quick, PrintWriter out) throws Exception;
}
