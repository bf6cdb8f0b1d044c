package dev.vitrine.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends of attempts on their way to the database: a line of JSON each, in files of at most {@value #MOST_LINES} lines.
 * What is recorded is in the operating system's hands when {@link #ended} returns, so it outlives this process; where the
 * disk is full, some thousand events are held in memory until it is not. The folder is one process's: {@link
 * OutboxFolder} sees to that.
 *
 * <p>Thread-safe.
 */
final class HistoryOutbox implements JobEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryOutbox.class);
    static final String READY = ".jsonl";
    private static final String OPEN = ".open";
    static final List<String> SUFFIXES = List.of(READY, OPEN);
    private static final int MOST_LINES = 500;

    /** Events of some 300 bytes that wait in memory for a disk. */
    private static final int MOST_HELD = 10_000;

    private final Path folder;
    private final long mostBytes;
    private final LongConsumer dropped;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong waiting = new AtomicLong();
    private final Deque<byte[]> held = new ArrayDeque<>();
    private FileChannel channel;
    private Path file;
    private int lines;
    private long bytes;
    private long number;
    private boolean saidFull;
    private boolean saidHeld;

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
            byte[] line = (json.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8);
            if (held.size() == MOST_HELD) {
                drop(1, "its folder cannot be written and memory holds enough", null);
                return;
            }
            held.add(line);
            writeHeld();
        } catch (JsonProcessingException | RuntimeException e) {
            drop(1, "it cannot be written", e);
        }
    }

    /** Writes what is held, as far as that can be done. */
    private void writeHeld() {
        try {
            while (!held.isEmpty()) {
                byte[] line = held.peek();
                if (waiting.get() + bytes + line.length > mostBytes) {
                    drop(1, "the buffer of " + mostBytes + " bytes is full (VITRINE_HISTORY_BUFFER)", null);
                } else {
                    write(line);
                    saidFull = false;
                }
                held.remove();
                if (lines == MOST_LINES) {
                    release();
                }
            }
            if (saidHeld) {
                saidHeld = false;
                LOG.info("The history of jobs is written again in {}", folder);
            }
        } catch (IOException e) {
            if (!saidHeld) {
                saidHeld = true;
                LOG.warn("The history of jobs cannot be written in {}; memory holds some of it meanwhile", folder, e);
            }
        }
    }

    private void write(byte[] line) throws IOException {
        if (channel == null) {
            file = folder.resolve(String.format("%018d%s", number++, OPEN));
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            bytes += line.length;
            lines++;
        } catch (IOException e) {
            channel.truncate(bytes); // half a line would spoil the next one
            throw e;
        }
    }

    /** Lets the route have what was recorded so far. */
    synchronized void release() {
        if (!held.isEmpty() && lines < MOST_LINES) {
            writeHeld();
        }
        if (channel == null || lines == 0) {
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

    /**
     * Takes over what a process that is gone left in its folder.
     *
     * @param left of that folder, which nobody writes any more
     */
    synchronized void adopt(Path left) throws IOException {
        long size = Files.size(left);
        Files.move(left, folder.resolve(String.format("%018d%s", number++, READY)), StandardCopyOption.ATOMIC_MOVE);
        waiting.addAndGet(size);
    }

    @Override
    public synchronized void close() {
        release();
        if (!held.isEmpty()) {
            drop(held.size(), "its folder cannot be written", null);
            held.clear();
        }
    }

    private void drop(int events, String why, Exception e) {
        dropped.accept(events);
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
