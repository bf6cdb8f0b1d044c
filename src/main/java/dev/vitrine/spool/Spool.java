package dev.vitrine.spool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Pictures and their jobs on disk, between acceptance and end. {@code ID.img} is the picture as it came, {@code ID.json}
 * the job as accepted. The route writes the picture, then the JSON under a temporary name; {@link #commit} makes both
 * durable and renames the JSON. With it the job is accepted, and it is owed until the JSON is gone. Safe for many threads
 * and many processes on one folder.
 */
public final class Spool {
    private static final String PICTURE = ".img";
    private static final String RECORD = ".json";

    /** Of a record that is not committed. */
    private static final String UNCOMMITTED = ".part-";

    private final Path folder;
    private final ObjectReader jobs;

    /** How many records were renamed into place; guards {@link #flushed}. */
    private final AtomicLong renamed = new AtomicLong();

    /** How many of them are known to be on disk under their names. */
    private long flushed;

    /** @param folder need not exist until {@link #open} */
    public Spool(Path folder) {
        this.folder = folder;
        this.jobs = new ObjectMapper().readerFor(Job.class);
    }

    /**
     * Makes the folder where it is missing.
     *
     * @throws UncheckedIOException when it cannot be made
     */
    public Spool open() {
        try {
            Files.createDirectories(folder);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("The spool folder " + folder + " cannot be made", e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** The picture of a job; the file need not exist. */
    public Path picture(String jobId) {
        return folder.resolve(jobId + PICTURE);
    }

    /**
     * The job as accepted, or empty where the spool owes nothing under this id.
     *
     * @throws UncheckedIOException when the disk cannot be read
     */
    public Optional<Job> find(String jobId) {
        try {
            return Optional.of(jobs.readValue(Files.readAllBytes(record(jobId))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be read at " + folder, e);
        }
    }

    /** What ties an owed job to the trace of its upload, as the W3C's header; empty where there is none. */
    public Optional<String> traceparent(String jobId) {
        return find(jobId).map(Job::traceparent);
    }

    /** Whether the spool owes a job. */
    public boolean owes(String jobId) {
        return Files.exists(record(jobId));
    }

    /**
     * Accepts a job whose picture is in the folder and whose record is there as {@link #uncommitted}. On return it
     * survives a loss of power: both files are flushed, then the record is renamed into place, then the folder is flushed.
     *
     * @throws UncheckedIOException when the disk fails; the job is not accepted then, and {@link #discard} clears it away
     */
    public void commit(String jobId) {
        Path uncommitted = uncommitted(jobId);
        try {
            flush(picture(jobId), StandardOpenOption.WRITE);
            flush(uncommitted, StandardOpenOption.WRITE);
            Files.move(uncommitted, record(jobId), StandardCopyOption.ATOMIC_MOVE);
            flushNames();
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be written at " + folder, e);
        }
    }

    /**
     * Forgets a job: what it owed is done or refused. The record goes first, so that a crash in between leaves a picture
     * that nobody is waiting for, which {@link #sweep} removes.
     */
    public void remove(String jobId) {
        try {
            Files.deleteIfExists(record(jobId));
            Files.deleteIfExists(picture(jobId));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be cleaned at " + folder, e);
        }
    }

    /** Forgets an upload that was refused while it was written, committed or not. */
    public void discard(String jobId) {
        remove(jobId);
        try {
            Files.deleteIfExists(uncommitted(jobId));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be cleaned at " + folder, e);
        }
    }

    /** Calls back with the id of each job that the spool owes. */
    public void forEachOwed(Consumer<String> action) {
        try (DirectoryStream<Path> records = Files.newDirectoryStream(folder, "[!.]*" + RECORD)) {
            for (Path record : records) {
                String name = record.getFileName().toString();
                action.accept(name.substring(0, name.length() - RECORD.length()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be listed at " + folder, e);
        }
    }

    /**
     * What the spool takes; looks at each file.
     *
     * @throws UncheckedIOException when the disk cannot be read
     */
    public SpoolUse use() {
        long count = 0;
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                count++;
                bytes += file.toFile().length(); // 0 where it is gone meanwhile
            }
            return new SpoolUse(count, bytes, Files.getFileStore(folder).getUsableSpace());
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException(
                    "The spool cannot be listed at " + folder,
                    e instanceof IOException failure ? failure : (IOException) e.getCause());
        }
    }

    /** How many jobs the spool owes. */
    public long size() {
        long[] count = new long[1];
        forEachOwed(id -> count[0]++);
        return count[0];
    }

    /**
     * Removes what a crash left behind: pictures without a record and half-written files that are older than the given
     * age.
     *
     * @return how many files were removed
     */
    public int sweep(Duration age) {
        int removed = 0;
        Instant before = Instant.now().minus(age);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (isLitter(file) && isOlder(file, before) && Files.deleteIfExists(file)) {
                    removed++;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be swept at " + folder, e);
        }
        return removed;
    }

    private boolean isLitter(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) {
            return true;
        }
        return name.endsWith(PICTURE) && !Files.exists(record(name.substring(0, name.length() - PICTURE.length())));
    }

    private static boolean isOlder(Path file, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** One flush serves all whose files were renamed before it began. */
    private void flushNames() throws IOException {
        long mine = renamed.incrementAndGet();
        synchronized (renamed) {
            if (flushed < mine) {
                long all = renamed.get();
                flushFolder(folder);
                flushed = all;
            }
        }
    }

    /** Makes the names in a folder survive a loss of power. */
    static void flushFolder(Path folder) throws IOException {
        try {
            flush(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            // Windows opens no folder, and journals its names itself.
        }
    }

    private static void flush(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /** The record of a job that is not accepted yet; the file need not exist. */
    public Path uncommitted(String jobId) {
        return folder.resolve(UNCOMMITTED + jobId + RECORD);
    }

    private Path record(String jobId) {
        return folder.resolve(jobId + RECORD);
    }
}
