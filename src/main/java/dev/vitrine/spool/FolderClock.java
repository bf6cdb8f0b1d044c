package dev.vitrine.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The clock that dates the files of a folder: of a shared one it is that of the server which has the disk. Ages of files are
 * told by it, as the machines that share the folder may disagree about the time.
 */
public final class FolderClock {
    private final Path folder;

    /** @param folder may be written to */
    public FolderClock(Path folder) {
        this.folder = folder;
    }

    /** The time there; this machine's where nothing can be written there. */
    public Instant now() {
        try {
            Path fresh = Files.createTempFile(folder, ".clock-", "");
            try {
                return Files.getLastModifiedTime(fresh).toInstant();
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            return Instant.now();
        }
    }
}
