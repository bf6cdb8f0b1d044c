package dev.vitrine.spool;

import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A {@link Spool} in a folder. One that this version made has a folder for each part that is or was needed, and an empty
 * folder {@code parts} that says so. One that was there before stays flat, as release 0.1.0 looks into no part: its files
 * lie beside each other until somebody makes {@code parts}. Both are read and removed from, whichever is written. A record
 * that is not committed has a temporary name; {@link #commit} flushes both files, renames the record and flushes the folder.
 */
public final class FolderSpool implements Spool {
    private static final String PICTURE = ".img";
    private static final String RECORD = ".json";

    /** The folder that says that no process looks beside the parts alone. */
    private static final String PARTS = "parts";

    /** Of a record that is not committed. */
    private static final String UNCOMMITTED = ".part-";

    private final Path folder;
    private final ObjectReader jobs = new ObjectMapper().readerFor(Job.class);
    private final SharedFlush[] flushes = new SharedFlush[Shard.COUNT];
    private final SharedFlush folders;

    private volatile boolean hasParts;

    /** The parts whose own names are known to be on disk. */
    private final Set<String> flushedParts = ConcurrentHashMap.newKeySet();

    /** Looks at a file of the spool. */
    @FunctionalInterface
    private interface Visit {
        void see(Path file) throws IOException;
    }

    /** @param folder need not exist until {@link #open} */
    public FolderSpool(Path folder) {
        this.folder = folder;
        this.folders = new SharedFlush(folder);
        this.hasParts = Files.isDirectory(folder.resolve(PARTS));
        for (int i = 0; i < flushes.length; i++) {
            flushes[i] = new SharedFlush(folder.resolve(Shard.name(i)));
        }
    }

    @Override
    public FolderSpool open() {
        try {
            if (isMade()) {
                Files.createDirectory(folder.resolve(PARTS));
            }
            hasParts = Files.isDirectory(folder.resolve(PARTS));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("The spool folder " + folder + " cannot be made", e);
        }
    }

    /** Whether the folder was not there before; of several processes one is told so. */
    private boolean isMade() throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            try {
                Files.createDirectory(folder);
                return true;
            } catch (FileAlreadyExistsException e) {
                // By another process, which may be of release 0.1.0.
            }
        }
        Files.createDirectories(folder); // says so where it is no folder
        return false;
    }

    public Path folder() {
        return folder;
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public Path disk() {
        return folder;
    }

    @Override
    public String pictureName(String jobId) {
        return part(jobId) + jobId + PICTURE;
    }

    @Override
    public String recordName(String jobId) {
        return part(jobId) + UNCOMMITTED + jobId + RECORD;
    }

    private String part(String jobId) {
        return hasParts ? Shard.of(jobId) + "/" : "";
    }

    @Override
    public Path picture(String jobId) {
        Path flat = folder.resolve(jobId + PICTURE);
        Path parted = parted(jobId, PICTURE);
        return Files.exists(parted) || hasParts && !Files.exists(flat) ? parted : flat;
    }

    @Override
    public Optional<Job> find(String jobId) {
        try {
            Optional<Job> job = read(parted(jobId, RECORD));
            return job.isPresent() ? job : read(folder.resolve(jobId + RECORD));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be read at " + folder, e);
        }
    }

    private Optional<Job> read(Path record) throws IOException {
        try {
            return Optional.of(jobs.readValue(Files.readAllBytes(record)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean owes(String jobId) {
        return Files.exists(parted(jobId, RECORD)) || Files.exists(folder.resolve(jobId + RECORD));
    }

    @Override
    public void commit(String jobId) {
        Path uncommitted = folder.resolve(recordName(jobId));
        try {
            SharedFlush.flush(folder.resolve(pictureName(jobId)), WRITE);
            SharedFlush.flush(uncommitted, WRITE);
            Files.move(uncommitted, uncommitted.resolveSibling(jobId + RECORD), StandardCopyOption.ATOMIC_MOVE);
            if (hasParts) {
                flushPart(Shard.of(jobId));
            } else {
                folders.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be written at " + folder, e);
        }
    }

    private void flushPart(String part) throws IOException {
        flushes[Integer.parseInt(part, 16)].run();
        if (!flushedParts.contains(part)) { // the endpoint may have made it
            folders.run();
            flushedParts.add(part);
        }
    }

    @Override
    public void remove(String jobId) {
        try {
            Files.deleteIfExists(parted(jobId, RECORD));
            Files.deleteIfExists(folder.resolve(jobId + RECORD));
            Files.deleteIfExists(parted(jobId, PICTURE));
            Files.deleteIfExists(folder.resolve(jobId + PICTURE));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be cleaned at " + folder, e);
        }
    }

    @Override
    public void discard(String jobId) {
        remove(jobId);
        try {
            Files.deleteIfExists(folder.resolve(recordName(jobId)));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool cannot be cleaned at " + folder, e);
        }
    }

    @Override
    public String someOwed(String cursor, int most, Consumer<String> action) {
        return walk(cursor, most, file -> {
            String name = file.getFileName().toString();
            if (name.endsWith(RECORD) && !name.startsWith(".")) {
                action.accept(name.substring(0, name.length() - RECORD.length()));
            }
        });
    }

    @Override
    public SpoolUse use() {
        long[] use = new long[2];
        walk("", Integer.MAX_VALUE, file -> {
            use[0]++;
            use[1] += file.toFile().length(); // 0 where it is gone meanwhile
        });
        try {
            return new SpoolUse(use[0], use[1], Files.getFileStore(folder).getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("The disk of " + folder + " does not tell its room", e);
        }
    }

    @Override
    public Swept sweep(Duration age, String cursor, int most) {
        int[] removed = new int[1];
        Instant before = new FolderClock(folder).now().minus(age);
        String next = walk(cursor, most, file -> {
            if (isLitter(file) && isOlder(file, before) && Files.deleteIfExists(file)) {
                removed[0]++;
            }
        });
        return new Swept(removed[0], next);
    }

    private static boolean isLitter(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) {
            return true;
        }
        return name.endsWith(PICTURE) && !Files.exists(file.resolveSibling(name.replaceFirst("\\.img$", RECORD)));
    }

    private static boolean isOlder(Path file, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Parts are looked at whole; first come the files beside the parts. */
    private String walk(String cursor, int most, Visit visit) {
        int seen = cursor.isEmpty() ? visit(folder, visit) : 0;
        for (int part = cursor.isEmpty() ? 0 : Integer.parseInt(cursor, 16); part < Shard.COUNT; part++) {
            if (seen >= most) {
                return Shard.name(part);
            }
            seen += visit(folder.resolve(Shard.name(part)), visit);
        }
        return "";
    }

    private int visit(Path part, Visit visit) {
        int seen = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(part)) {
            for (Path file : files) {
                if (part != folder || !isPart(file.getFileName().toString())) {
                    visit.see(file);
                    seen++;
                }
            }
            return seen;
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (part.equals(folder)) {
                throw new UncheckedIOException("There is no spool at " + folder, e);
            }
            return seen;
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException(
                    "The spool cannot be listed at " + folder,
                    e instanceof IOException failure ? failure : (IOException) e.getCause());
        }
    }

    private static boolean isPart(String name) {
        return name.length() == 2 || name.equals(PARTS);
    }

    @Override
    public void check() {
        if (!Files.isWritable(folder)) {
            throw new UncheckedIOException(new IOException(
                    "The spool " + folder + " cannot be written; mount it, or set VITRINE_SPOOL to another folder"));
        }
    }

    private Path parted(String jobId, String kind) {
        return folder.resolve(Shard.of(jobId)).resolve(jobId + kind);
    }
}
