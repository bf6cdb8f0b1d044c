package dev.vitrine.part;

/**
 * Tries a part out.
 *
 * @param part names it in the answer of {@code /observe/health}
 * @param check returns where the part works, and throws with a message for an operator where it does not
 * @param mendedByRestart whether a new process would not have the fault
 */
public record Probe(String part, Check check, boolean mendedByRestart) {

    /** What is tried. */
    @FunctionalInterface
    public interface Check {
        /** @throws Exception when the part does not work; its message is for an operator */
        void run() throws Exception;
    }

    /** A fault of the world around the process. */
    public static Probe of(String part, Check check) {
        return new Probe(part, check, false);
    }

    /** A fault of the process itself. */
    public static Probe mendedByRestart(String part, Check check) {
        return new Probe(part, check, true);
    }
}
