package dev.vitrine.queue;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the embedded Redis in order when this process is gone, however it went: a shell that reads from a pipe, whose
 * other end only this process holds. When the pipe ends, the shell sends SIGTERM to the process it was last told of, and
 * again each second for a while, as Redis forgets it where it is writing its first append-only file.
 */
final class RedisGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisGuard.class);

    /** Signals of the terminal are for the service, which then tells the guard itself. */
    private static final String SCRIPT = "trap '' HUP INT QUIT TERM;"
            + " pid=; while read -r line; do pid=$line; done;"
            + " if [ -n \"$pid\" ]; then for i in 1 2 3 4 5 6 7 8 9 10; do"
            + " kill -s TERM \"$pid\" || break; sleep 1; done; fi";

    private static final long END_SECONDS = 2;

    private final Process shell;
    private final Writer pipe;

    private RedisGuard(Process shell) {
        this.shell = shell;
        this.pipe = shell.outputWriter();
    }

    /** Starts the shell, in the system's root folder, so that it holds none. */
    static RedisGuard start() throws IOException {
        return new RedisGuard(new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                .directory(new File("/"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** From now on this process ends with the service, and none that was named before. */
    void watch(long pid) {
        tell(Long.toString(pid));
    }

    /** From now on no process ends with the service. */
    void watchNothing() {
        tell("");
    }

    private void tell(String line) {
        try {
            pipe.write(line + "\n");
            pipe.flush();
        } catch (IOException e) {
            LOG.warn(
                    "The process {} that ends Redis with this service is gone ({}); after a kill, Redis runs until the"
                            + " next start",
                    shell.pid(),
                    e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            pipe.close();
            if (!shell.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
