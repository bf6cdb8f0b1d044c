package dev.vitrine.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends of attempts on their way to the database: a line of JSON each, in files of at most {@value #MOST_LINES} lines.
 * What is recorded is in the operating system's hands when {@link #ended} returns, so it outlives this process. The
 * folder is one process's: {@link OutboxFolder} sees to that.
 *
 * <p>Thread-safe.
 */
final class HistoryOutbox implements JobEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryOutbox.class);
    static final String READY = ".jsonl";
    private static final String OPEN = ".open";
    private static final int MOST_LINES = 500;

    private final Path folder;
    private final long mostBytes;
    private final LongConsumer dropped;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong waiting = new AtomicLong();
    private FileChannel channel;
    private Path file;
    private int lines;
    private long bytes;
    private long number;
    private boolean saidFull;

    /**
     * Takes up what an earlier process left in the folder.
     *
     * @param mostBytes what may wait at most; what comes beyond is dropped
     * @param dropped is told how many events are lost
     */
    HistoryOutbox(Path folder, long mostBytes, LongConsumer dropped) throws IOException {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.dropped = dropped;
        for (Path left : files(OPEN)) {
            Files.move(left, ready(left), StandardCopyOption.ATOMIC_MOVE);
        }
        for (Path left : files(READY)) {
            waiting.addAndGet(Files.size(left));
            number = Math.max(number, number(left) + 1);
        }
    }

    @Override
    public synchronized void ended(JobEvent event) {
        try {
            byte[] line = json.writeValueAsBytes(event);
            if (waiting.get() + bytes + line.length + 1 > mostBytes) {
                drop("the buffer of " + mostBytes + " bytes is full (VITRINE_HISTORY_BUFFER)", null);
                return;
            }
            if (channel == null) {
                file = folder.resolve(String.format("%018d%s", number++, OPEN));
                channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            ByteBuffer buffer = ByteBuffer.allocate(line.length + 1)
                    .put(line)
                    .put((byte) '\n')
                    .flip();
            while (buffer.hasRemaining()) {
                bytes += channel.write(buffer);
            }
            saidFull = false;
            if (++lines == MOST_LINES) {
                release();
            }
        } catch (IOException | RuntimeException e) {
            drop("it cannot be written", e);
        }
    }

    /** Lets the route have what was recorded so far. */
    synchronized void release() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
            Files.move(file, ready(file), StandardCopyOption.ATOMIC_MOVE);
            waiting.addAndGet(bytes);
        } catch (IOException e) {
            LOG.warn("The history in {} waits for the next start", file, e);
        }
        channel = null;
        lines = 0;
        bytes = 0;
    }

    /** Notes that the route has put a file into the database. */
    void done(long size) {
        waiting.addAndGet(-size);
    }

    /** Notes that the database will never have these. */
    void lost(long events) {
        dropped.accept(events);
    }

    /** Bytes that wait for the database. */
    long waiting() {
        return waiting.get();
    }

    /** Since when the longest waiting event waits, ms since the epoch; 0 where nothing waits. */
    long oldest() {
        List<Path> ready = files(READY);
        try {
            return ready.isEmpty() ? 0 : Files.getLastModifiedTime(ready.get(0)).toMillis();
        } catch (IOException e) {
            return 0; // the route has just put it into the database
        }
    }

    @Override
    public void close() {
        release();
    }

    private void drop(String why, Exception e) {
        dropped.accept(1);
        if (!saidFull) {
            saidFull = true;
            LOG.error("The history of jobs loses events as {}; see vitrine_history_dropped_total", why, e);
        }
    }

    private List<Path> files(String suffix) {
        try (Stream<Path> all = Files.list(folder)) {
            return new ArrayList<>(
                    all.filter(path -> path.getFileName().toString().endsWith(suffix))
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " of the history cannot be read", e);
        }
    }

    private static Path ready(Path open) {
        String name = open.getFileName().toString();
        return open.resolveSibling(name.substring(0, name.length() - OPEN.length()) + READY);
    }

    private static long number(Path file) {
        String digits = file.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }
}
