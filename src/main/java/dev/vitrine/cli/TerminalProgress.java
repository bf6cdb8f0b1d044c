package dev.vitrine.cli;

import dev.vitrine.clip.install.InstallProgress;
import java.io.Console;
import java.io.PrintWriter;

/** Shows an installation: a line a file, and on a terminal a bar that moves. */
final class TerminalProgress implements InstallProgress, AutoCloseable {

    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private long drawn = System.nanoTime() - REDRAW_NANOS;
    private boolean barIsShown;

    TerminalProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether a person is watching. From Java 22 on there is a console even where output goes to a file. */
    static boolean isWatched() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // before Java 22, a console is a terminal
        }
    }

    @Override
    public void received(String file, long done, long total) {
        long now = System.nanoTime();
        if (!terminal || (now - drawn < REDRAW_NANOS && done != total)) {
            return;
        }
        drawn = now;
        barIsShown = true;
        if (total > 0) {
            int filled = (int) (WIDTH * done / total);
            err.printf(
                    "%s%-28s [%s%s] %3d%%  %s of %s",
                    ERASE,
                    file,
                    "=".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    100 * done / total,
                    Megabytes.of(done),
                    Megabytes.of(total));
        } else {
            err.printf("%s%-28s %s", ERASE, file, Megabytes.of(done));
        }
        err.flush();
    }

    @Override
    public void completed(String file, boolean verified) {
        line(file + (verified ? "  SHA-256 verified" : "  taken as it came: the catalogue has no SHA-256 for it"));
    }

    @Override
    public void note(String message) {
        line(message);
    }

    private void line(String text) {
        close();
        err.println(text);
        err.flush();
    }

    /** Takes the bar away, so that what follows has a line of its own. */
    @Override
    public void close() {
        if (barIsShown) {
            err.print(ERASE);
            err.flush();
            barIsShown = false;
        }
    }
}
