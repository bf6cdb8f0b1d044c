package dev.vitrine.cli;

import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.sync.ImportCounts;
import dev.vitrine.catalogue.sync.ImportListener;
import java.io.PrintWriter;
import java.time.Duration;

/** Shows an import: on a terminal a line that moves, else a line now and then. */
final class ImportView implements ImportListener, AutoCloseable {
    private static final int MOST_FAULTS = 10;
    private static final int WIDTH = 10;
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isTerminal;
    private long faults;
    private long began;
    private long shown;
    private long waited;
    private boolean isShown;

    ImportView(PrintWriter err, boolean isTerminal) {
        this.err = err;
        this.isTerminal = isTerminal;
    }

    @Override
    public synchronized void opened(String description) {
        line("Reading " + description);
    }

    @Override
    public synchronized void fault(Fault fault) {
        faults++;
        if (faults <= MOST_FAULTS) {
            line((fault.isWarning() ? "Note: line " : "Line ") + fault.line() + ": " + fault.cause());
        } else if (faults == MOST_FAULTS + 1) {
            line("... and more");
        }
    }

    @Override
    public synchronized void planned(ImportCounts counts) {
        line(counts.products() + " products with " + counts.pictures() + " pictures");
        began = System.nanoTime();
        shown = began;
    }

    @Override
    public synchronized void progressed(ImportCounts counts) {
        long now = System.nanoTime();
        if (now - shown < (isTerminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        shown = now;
        if (isTerminal) {
            err.print(ERASE + bar(counts) + "  " + text(counts, now));
            err.flush();
            isShown = true;
        } else {
            err.println(text(counts, now));
            err.flush();
        }
    }

    private static String bar(ImportCounts counts) {
        int filled = (int) (WIDTH * counts.done() / Math.max(1, counts.pictures()));
        return "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "]";
    }

    private String text(ImportCounts counts, long now) {
        double seconds = Math.max(0.001, (now - began) / 1e9);
        double rate = counts.done() / seconds;
        String left = rate <= 0 ? "" : ", " + shown(Math.round((counts.pictures() - counts.done()) / rate)) + " left";
        return ("%d of %d pictures, " + (rate < 10 ? "%.1f" : "%.0f") + "/s%s%s")
                .formatted(
                        counts.done(),
                        counts.pictures(),
                        rate,
                        left,
                        counts.failed() == 0 ? "" : ", " + counts.failed() + " failed");
    }

    private static String shown(long seconds) {
        Duration left = Duration.ofSeconds(Math.max(0, seconds));
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0 ? left.toMinutes() + " min " + left.toSecondsPart() + " s" : seconds + " s";
    }

    @Override
    public synchronized void waiting(String why) {
        long now = System.nanoTime();
        if (waited == 0 || now - waited > LINE_NANOS) {
            waited = now;
            line("Waiting: " + why);
        }
    }

    private void line(String text) {
        close();
        err.println(text);
        err.flush();
    }

    /** Takes the moving line away. */
    @Override
    public synchronized void close() {
        if (isShown) {
            err.print(ERASE);
            err.flush();
            isShown = false;
        }
    }
}
