package dev.vitrine.intake.drop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a process keeps the files that it has taken from the drop folder until they are settled:
 * {@code .work/PROCESS/}, beside a file that it holds locked while it lives. A file is taken by renaming it, so that of
 * several processes one has it. What a process leaves when it is killed is put back by another, or by the next.
 *
 * <p>A file that cannot be moved away is copied, and a mark in {@code .work/seen/} keeps it from being taken again. One
 * thread, but for {@link #close()}.
 */
final class WorkFolder implements AutoCloseable {
    /** The longest name in ASCII; a name of letters and digits is as long as it looks. */
    static final int MAX_NAME = 240;

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final String LOCK = ".lock";
    private static final String MARKS = "seen";

    private final Path inbox;
    private final Path all;
    private final Path own;
    private final Marks marks;
    private final long maxBytes;
    private final Moves moves;
    private final Map<FileName, FileName> sidecars = new HashMap<>();
    private final Map<FileName, String> stuck = new HashMap<>();
    private ProcessLock lock;
    private String complaint;

    /**
     * @param own this process's folder, {@code .work/PROCESS} in the drop folder
     * @param maxBytes of a file that has to be copied no more than one byte beyond this is read
     */
    WorkFolder(Path inbox, Path own, long maxBytes, Moves moves) {
        this.inbox = inbox;
        this.all = own.getParent();
        this.own = own;
        this.marks = new Marks(all.resolve(MARKS), own.getFileName().toString());
        this.maxBytes = maxBytes;
        this.moves = moves;
    }

    /** Makes the folder, if it is not there, and says to other processes that this one lives. */
    void open() throws IOException {
        if (lock != null && lock.isThere() && Files.isDirectory(own)) {
            return;
        }
        close();
        marks.open();
        lock = ProcessLock.make(own.resolveSibling(own.getFileName() + LOCK));
        Files.createDirectories(own);
    }

    /** The files that were taken and could not be moved. */
    Marks marks() {
        return marks;
    }

    /** Puts back what processes left that live no more. */
    void recover() throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.list(all)) {
            others = files.filter(file -> !file.getFileName()
                            .toString()
                            .startsWith(own.getFileName().toString()))
                    .toList();
        }
        for (Path other : others) {
            try {
                recover(other);
            } catch (IOException e) {
                if (!e.toString().equals(complaint)) {
                    complaint = e.toString();
                    LOG.warn("Drop folder: what a process left in {} cannot be put back: {}", other, complaint);
                }
            }
        }
    }

    private void recover(Path other) throws IOException {
        String name = other.getFileName().toString();
        if (name.endsWith(LOCK)) {
            Optional<ProcessLock> dead = ProcessLock.ofDead(other);
            if (dead.isPresent()) {
                try (ProcessLock held = dead.get()) {
                    putBackOf(name.substring(0, name.length() - LOCK.length()));
                }
            }
        } else if (!name.equals(MARKS) && !Files.exists(other.resolveSibling(name + LOCK))) {
            putBackOf(name); // a process takes nothing before it has its lock
        }
    }

    private void putBackOf(String process) throws IOException {
        // What was only copied is still in the drop folder.
        Set<FileName> copies = marks.forgetUnsettled(process);
        Path folder = all.resolve(process);
        for (Path file : files(folder)) {
            FileName taken = nameOf(file);
            if (copies.contains(taken)) {
                Files.delete(file);
            } else {
                putBack(file, taken);
            }
        }
        Files.deleteIfExists(folder);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Whether this process has a file of this name in hand. */
    boolean holds(FileName name) {
        return Files.exists(held(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether any process has a file of this name in hand. */
    boolean isInHand(FileName name) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(all, Files::isDirectory)) {
            for (Path process : processes) {
                if (Files.exists(process.resolve(name.encoded()), LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Takes a picture and the JSON beside it.
     *
     * @param sidecar null where there is none
     * @param copy whether to copy what cannot be moved
     * @return whether this process has it now
     * @throws FileSystemException when it can neither be moved nor, if that was asked for, copied
     */
    boolean take(Seen picture, Seen sidecar, boolean copy) throws IOException {
        if (!take(picture, copy)) {
            return false;
        }
        try {
            if (sidecar != null && take(sidecar, copy)) {
                sidecars.put(picture.name(), sidecar.name());
            }
        } catch (IOException e) {
            giveBack(picture.name());
            throw e;
        }
        return true;
    }

    private boolean take(Seen file, boolean copy) throws IOException {
        Path target = held(file.name());
        if (file.attributes().isSymbolicLink()) {
            return copy(file, target);
        }
        try {
            moves.move(file.path(), target);
        } catch (NoSuchFileException e) {
            return false; // another process was quicker, or whoever dropped it took it back
        } catch (FileSystemException e) {
            if (!copy) {
                throw e;
            }
            return copy(file, target);
        }
        Seen moved = Seen.at(target);
        if (moved.attributes().size() != file.attributes().size()
                || !moved.attributes()
                        .lastModifiedTime()
                        .equals(file.attributes().lastModifiedTime())) {
            putBack(target, file.name()); // the copy went on
            return false;
        }
        return true;
    }

    private boolean copy(Seen file, Path target) throws IOException {
        if (!marks.set(file)) {
            return false;
        }
        Path part = own.resolve(".part");
        try (InputStream in = Files.newInputStream(file.path());
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[64 * 1024];
            long size = 0;
            for (int n = in.read(buffer); n >= 0 && size <= maxBytes; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                size += n;
            }
        } catch (IOException e) {
            marks.forget(file.mark());
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, target);
        try {
            Files.delete(file.path());
            marks.forget(file.mark());
        } catch (IOException e) {
            stuck.put(file.name(), file.mark()); // it stays, and its mark
        }
        return true;
    }

    /** Whether a file that was taken is still in the drop folder, where it could not be moved. */
    boolean isStuck(FileName picture) {
        return stuck.containsKey(picture);
    }

    /** The name that a file in a work folder had in the drop folder. There it is in ASCII, whatever the locale. */
    static FileName nameOf(Path held) {
        return new FileName(held.getFileName().toString());
    }

    private Path held(FileName name) {
        return own.resolve(name.encoded());
    }

    /** The JSON that was taken with a picture. */
    Optional<Path> sidecar(FileName picture) {
        return Optional.ofNullable(sidecars.get(picture)).map(this::held);
    }

    /** Puts a picture and its JSON back into the drop folder, so that they are taken again. */
    void giveBack(FileName picture) throws IOException {
        FileName sidecar = sidecars.remove(picture);
        if (sidecar != null) {
            giveBackOne(sidecar);
        }
        giveBackOne(picture);
    }

    private void giveBackOne(FileName name) throws IOException {
        String mark = stuck.remove(name);
        if (mark != null) { // the file itself never left
            Files.deleteIfExists(held(name));
            marks.forget(mark);
        } else {
            putBack(held(name), name);
        }
    }

    /** A file of the same name that came meanwhile replaces this one, as it would have done in the folder. */
    private void putBack(Path file, FileName name) throws IOException {
        if (file.getFileName().toString().startsWith(".")) {
            Files.delete(file); // half a copy
            return;
        }
        Path target = name.in(inbox);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("Drop folder: {} came again before it was taken; the file of before is in .failed/", name.shown());
            target = name.in(Files.createDirectories(inbox.resolve(".failed")));
        }
        moves.move(file, target);
    }

    /**
     * Moves a picture and its JSON where they end.
     *
     * @param folder {@code .done} or {@code .failed}
     */
    void settle(FileName picture, String folder) throws IOException {
        Path target = Files.createDirectories(inbox.resolve(folder));
        List<FileName> names = new ArrayList<>();
        Optional.ofNullable(sidecars.get(picture)).ifPresent(names::add);
        names.add(picture);
        for (FileName name : names) {
            try {
                moves.move(held(name), name.in(target));
            } catch (NoSuchFileException e) {
                // moved by a try before this one
            }
            String mark = stuck.remove(name);
            if (mark != null) {
                marks.settle(mark);
            }
        }
        sidecars.remove(picture);
    }

    /** Puts back what is not settled, and lets other processes know that this one has ended. */
    @Override
    public void close() throws IOException {
        if (lock == null) {
            return;
        }
        try (ProcessLock held = lock) {
            lock = null;
            for (Path file : files(own)) {
                giveBackOne(nameOf(file));
            }
            Files.deleteIfExists(own);
            sidecars.clear();
        }
    }
}
