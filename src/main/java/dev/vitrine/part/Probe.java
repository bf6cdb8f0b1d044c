package dev.vitrine.part;

/**
 * Tries a part out.
 *
 * @param part names it in the answer of {@code /observe/health}
 * @param check returns where the part works, and throws with a message for an operator where it does not
 * @param weight what its fault means for a process that serves clients
 * @param mendedByRestart whether a new process would not have the fault
 */
public record Probe(String part, Check check, Weight weight, boolean mendedByRestart) {

    /** What the fault of a part means for a process that serves clients. */
    public enum Weight {
        /** Nothing can be served without it. */
        ESSENTIAL,
        /** Something can be served as long as another part of this weight works. */
        SUBSTITUTABLE,
        /** All can be served; somebody should know. */
        INFORMATIVE
    }

    /** What is tried. */
    @FunctionalInterface
    public interface Check {
        /** @throws Exception when the part does not work; its message is for an operator */
        void run() throws Exception;
    }

    /** A part without which nothing can be served, and whose faults are those of the world around the process. */
    public static Probe of(String part, Check check) {
        return new Probe(part, check, Weight.ESSENTIAL, false);
    }

    /** A part that others stand in for: something can be served while one of these works. */
    public static Probe substitutable(String part, Check check) {
        return new Probe(part, check, Weight.SUBSTITUTABLE, false);
    }

    /** Something that an operator should know, though all can be served. */
    public static Probe informative(String part, Check check) {
        return new Probe(part, check, Weight.INFORMATIVE, false);
    }

    /** A fault of the process itself. */
    public static Probe mendedByRestart(String part, Check check) {
        return new Probe(part, check, Weight.ESSENTIAL, true);
    }
}
