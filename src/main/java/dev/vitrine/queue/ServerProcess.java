package dev.vitrine.queue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that is not a child of this one. On Linux its entry in /proc is opened once and read again and again: that
 * works also when no further file can be opened, and never speaks of a later process with the same number.
 */
final class ServerProcess implements AutoCloseable {

    private static final Path PROC = Path.of("/proc");
    private static final int STAT_BYTES = 512;
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final ProcessHandle handle;
    private final RandomAccessFile stat;

    private ServerProcess(ProcessHandle handle, RandomAccessFile stat) {
        this.handle = handle;
        this.stat = stat;
    }

    /**
     * Finds a process that lives.
     *
     * @throws IOException when it cannot be asked, so that nobody knows whether it lives
     */
    static Optional<ServerProcess> find(long pid) throws IOException {
        RandomAccessFile stat = null;
        Path entry = PROC.resolve(Long.toString(pid));
        if (Files.isDirectory(PROC.resolve("self"))) {
            try {
                stat = new RandomAccessFile(entry.resolve("stat").toFile(), "r");
            } catch (FileNotFoundException e) {
                return notFound(entry, e);
            }
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent()) {
            ServerProcess process = new ServerProcess(handle.get(), stat);
            if (process.isAlive()) {
                return Optional.of(process);
            }
        }
        if (stat != null) {
            stat.close();
        }
        return handle.isEmpty() ? notFound(entry, null) : Optional.empty();
    }

    private static Optional<ServerProcess> notFound(Path entry, Exception why) throws IOException {
        if (Files.exists(entry)) { // for which no file is opened
            throw new IOException("Nobody can say whether process " + entry.getFileName() + " lives", why);
        }
        return Optional.empty();
    }

    long pid() {
        return handle.pid();
    }

    /** The program it runs; empty where the system does not say. */
    Optional<Path> command() {
        return handle.info().command().map(Path::of);
    }

    /**
     * Whether it lives. A dead process that nobody has waited for, as under a Java that is process 1 of a container, does
     * not.
     */
    synchronized boolean isAlive() {
        if (stat == null) {
            return handle.isAlive();
        }
        byte[] read = new byte[STAT_BYTES];
        int length;
        try {
            stat.seek(0);
            length = stat.read(read);
        } catch (IOException e) {
            return false; // what is open can be read for as long as there is the process
        }
        if (length <= 0) {
            return false;
        }
        String text = new String(read, 0, length, StandardCharsets.ISO_8859_1);
        char state = text.charAt(text.lastIndexOf(')') + 2);
        return state != 'Z' && state != 'X';
    }

    /**
     * Asks it to end, as SIGTERM does, until it has ended: a Redis that is writing its first append-only file refuses.
     *
     * @throws IOException when it has not, after a time in which every server has written what it had
     */
    void end() throws IOException, InterruptedException {
        awaitEnd(handle::destroy);
    }

    /**
     * Returns when it has ended.
     *
     * @param request asks it to end; made now and again
     * @throws IOException when it has not, after a time in which every server has written what it had
     */
    void awaitEnd(Runnable request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long asked = start - ASK_AGAIN.toNanos();
        while (isAlive()) {
            long now = System.nanoTime();
            if (now - asked >= ASK_AGAIN.toNanos()) {
                request.run();
                asked = now;
            }
            if (now - start > END_LIMIT.toNanos()) {
                throw new IOException("Redis, process " + pid() + ", does not end; look at it before another start");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Lets go of it; it runs on. */
    @Override
    public void close() throws IOException {
        if (stat != null) {
            stat.close();
        }
    }
}
