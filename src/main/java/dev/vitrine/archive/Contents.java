package dev.vitrine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Contents by their SHA-256, a folder each: {@code picture}, and an empty file for each owner. A content that seems to be
 * nobody's is put aside as {@code going} before its owners are looked at for the last time.
 */
final class Contents {
    private static final String PICTURE = "picture";
    private static final String GOING = "going";

    /** Whether a content is that of an owner. */
    @FunctionalInterface
    interface Belonging {
        boolean test(String sha256, String owner) throws IOException;
    }

    private final Path folder;

    Contents(Path folder) {
        this.folder = folder;
    }

    /** Where a content is, or would be. */
    Path file(String sha256) {
        return folder(sha256).resolve(PICTURE);
    }

    /** Puts a content in where it is not, and keeps a sweep away from it for some time. */
    void put(String sha256, Path picture) throws IOException {
        Path file = file(sha256);
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return;
        } catch (NoSuchFileException e) {
            Files.createDirectories(file.getParent());
        }
        try {
            Files.createLink(file, picture);
        } catch (FileAlreadyExistsException e) {
            return; // another thread had the same picture
        } catch (IOException | UnsupportedOperationException e) { // another disk
            copy(picture, file);
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        flushFolder(file.getParent());
        flushFolder(file.getParent().getParent());
    }

    private static void copy(Path picture, Path file) throws IOException {
        Path part = Files.createTempFile(file.getParent(), ".part-", "");
        try {
            Files.copy(picture, part, StandardCopyOption.REPLACE_EXISTING);
            flush(part, StandardOpenOption.WRITE);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    void addOwner(String sha256, String owner) throws IOException {
        try {
            Files.createFile(folder(sha256).resolve(owner));
        } catch (FileAlreadyExistsException e) {
            Files.setLastModifiedTime(folder(sha256).resolve(owner), FileTime.from(Instant.now()));
        }
    }

    /** Removes contents that are nobody's, and returns how many. */
    int sweep(int shard, Instant before, Belonging belonging) throws IOException {
        int removed = 0;
        Path shardFolder = folder.resolve(HexFormat.of().toHexDigits((byte) shard));
        try (DirectoryStream<Path> contents = Files.newDirectoryStream(shardFolder)) {
            for (Path content : contents) {
                removed += sweep(content, before, belonging) ? 1 : 0;
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return removed; // nothing was kept there yet, or another process removed it first
        }
        return removed;
    }

    private static boolean sweep(Path content, Instant before, Belonging belonging) throws IOException {
        String sha256 = content.getFileName().toString();
        for (Path owner : owners(content)) {
            if (isOlder(owner, before)
                    && !belonging.test(sha256, owner.getFileName().toString())) {
                Files.deleteIfExists(owner);
            }
        }
        Path picture = content.resolve(PICTURE);
        Path going = content.resolve(GOING);
        if (Files.exists(going)) { // of a sweep that was cut off
            Files.move(going, picture, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!owners(content).isEmpty() || Files.exists(picture) && !isOlder(picture, before)) {
            return false;
        }
        boolean wasThere = Files.exists(picture);
        if (wasThere) {
            Files.move(picture, going, StandardCopyOption.ATOMIC_MOVE);
            if (!owners(content).isEmpty()) {
                Files.move(going, picture, StandardCopyOption.ATOMIC_MOVE);
                return false;
            }
            Files.deleteIfExists(going);
        }
        try {
            Files.deleteIfExists(content);
        } catch (DirectoryNotEmptyException e) {
            return wasThere; // the same picture has just come again
        }
        return wasThere;
    }

    private static List<Path> owners(Path content) throws IOException {
        List<Path> owners = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(content)) {
            for (Path file : files) {
                if (file.getFileName().toString().length() == 64) {
                    owners.add(file);
                }
            }
        }
        return owners;
    }

    private static boolean isOlder(Path file, Instant before) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    }

    private Path folder(String sha256) {
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    static void flush(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
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
}
