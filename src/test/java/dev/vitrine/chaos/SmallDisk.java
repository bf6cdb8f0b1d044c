package dev.vitrine.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A disk of its own for a folder, small enough to be filled to the last byte. Needs Linux and the right to mount. */
final class SmallDisk implements AutoCloseable {
    private static final String FILLER = "filler";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts a new disk.
     *
     * @param folder is made where it is missing, and must be empty
     * @throws TestAbortedException where nothing can be mounted, after a notice in the build's output
     */
    static SmallDisk mount(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
            if (run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "vitrine-test", folder.toString())) {
                return new SmallDisk(folder);
            }
        } catch (IOException e) {
            System.out.println("[WARNING] " + e.getMessage());
        }
        String notice = "Tests with a full disk are skipped: mounting a tmpfs needs Linux and root";
        System.out.println("[WARNING] " + notice);
        throw new TestAbortedException(notice);
    }

    /** Takes all room but the given bytes, give or take a page. */
    void fill(long room) {
        Path filler = folder.resolve(FILLER);
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(folder).getUsableSpace() > room) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!Files.exists(filler)) {
                throw new UncheckedIOException(e); // otherwise others have written too, and it is as full as can be
            }
        }
    }

    /** Gives the room back. */
    void empty() {
        try {
            Files.deleteIfExists(folder.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it, with all that is on it. */
    @Override
    public void close() {
        try {
            run("umount", "-l", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
