package dev.vitrine.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code vitrine bench} runs. It comes in a jar of its own, which the launcher adds for this command alone. */
public interface Benchmark {

    /** What is measured. */
    enum Kind {
        /** Everything, in about fifteen minutes. */
        FULL,

        /** The same in little more than a minute, with shorter measurements and a smaller index. */
        QUICK,

        /** Quick, and a failure where a product or an upload costs more than in the last release, beyond noise. */
        CHECK,

        /** What small searches and uploads notice of a hundred clients with the dearest pictures, in two minutes. */
        OVERLOAD,

        /** Products a second with an int8 copy of the model beside the model itself, in about five minutes. */
        INT8,

        /** Searches in indexes of a million points, with their memory and disk; takes hours on two processors. */
        MILLION
    }

    /**
     * Measures and reports.
     *
     * @param home the installation that is measured
     * @param out where its tables go
     */
    void run(Path home, Kind kind, PrintWriter out) throws Exception;
}
