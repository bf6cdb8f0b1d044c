package dev.vitrine.bench;

/** How much of the machine's processors others took during a measurement. */
final class Noise {
    /** From here on figures are those of the machine's other work as much as of the service. */
    static final double TOO_MUCH = 0.05;

    /** Processor time that the host gives to others shows as waits wherever they fall. */
    static final double TOO_MUCH_STOLEN = 0.02;

    /** Runs of one measurement that are this far apart say that the machine, or the service, is not steady. */
    static final double TOO_FAR_APART = 0.15;

    private final long[] pids;
    private final long start = System.nanoTime();
    private final double busy = Machine.busySeconds().orElse(-1.0);
    private final double stolen = Machine.stolenSeconds().orElse(-1.0);
    private final double ours;

    private Noise(long[] pids) {
        this.pids = pids;
        this.ours = ours();
    }

    /** Starts to measure; these processes and this one are no noise. */
    static Noise since(long... pids) {
        return new Noise(pids);
    }

    /** The others' share of all processors, 0 to 1; NaN where the system does not tell. */
    double share() {
        if (busy < 0) {
            return Double.NaN;
        }
        double others = Machine.busySeconds().orElse(busy) - busy - (ours() - ours);
        double all = (System.nanoTime() - start) / 1e9 * Machine.cores();
        return Math.max(0, Math.min(1, others / all));
    }

    /** The share of all processors that the host withheld from this machine, 0 to 1; NaN where the system does not tell. */
    double stolen() {
        if (stolen < 0) {
            return Double.NaN;
        }
        double all = (System.nanoTime() - start) / 1e9 * Machine.cores();
        return (Machine.stolenSeconds().orElse(stolen) - stolen) / all;
    }

    private double ours() {
        double seconds = Machine.seconds(ProcessHandle.current().pid());
        for (long pid : pids) {
            seconds += Machine.seconds(pid);
        }
        return seconds;
    }
}
