package dev.vitrine;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Keeps the data folder from other users of the machine, where the file system knows users. */
final class OwnerOnly {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private static final List<String> INSIDE =
            List.of("spool", "uploads", "deleted", "thumbnails", "callbacks", "imports");

    private final Path folder;

    OwnerOnly(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder, for its owner alone; one that is there stays as it is, as an inbox in it may be for others.
     * The folders of a service below it are for the owner alone in any case.
     */
    void create() throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
        if (!Files.isDirectory(folder)) {
            if (folder.toAbsolutePath().getParent() != null) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
            }
            Files.createDirectory(folder, attributes);
        }
        for (String name : INSIDE) {
            Path below = folder.resolve(name);
            if (!Files.isDirectory(below)) {
                Files.createDirectory(below, attributes);
            } else if (posix && !Files.getPosixFilePermissions(below).equals(OWNER)) {
                close(below);
            }
        }
    }

    /** A folder of another user, as a mounted one may be, cannot be changed and is not ours to change. */
    private static void close(Path folder) throws IOException {
        if (Files.getOwner(folder).getName().equals(System.getProperty("user.name"))) {
            Files.setPosixFilePermissions(folder, OWNER);
        }
    }
}
