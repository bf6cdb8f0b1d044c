package dev.vitrine.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/** Which content is which picture of which product: a small JSON file each. */
final class Owners {
    private static final String SUFFIX = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Object[] locks = new Object[Archive.SHARDS];

    Owners(Path folder) {
        this.folder = folder;
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new Object();
        }
    }

    /** A name for a file. Ids may hold what a file's name may not, and differ in case alone. */
    static String name(String pictureKey) {
        return HexFormat.of().formatHex(Contents.newDigest().digest(pictureKey.getBytes(StandardCharsets.UTF_8)));
    }

    /** Says which content a picture is, unless that of a later upload is known. */
    void put(String owner, ArchivedPicture label) throws IOException {
        Path file = file(owner);
        Files.createDirectories(file.getParent());
        synchronized (locks[Integer.parseInt(owner.substring(0, 2), 16)]) {
            try (FileChannel lock = FileChannel.open(
                            file.resolveSibling(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                if (find(owner)
                        .filter(there -> there.version() > label.version())
                        .isPresent()) {
                    return;
                }
                Path part = Files.createTempFile(file.getParent(), ".part-", SUFFIX);
                Files.write(part, JSON.writeValueAsBytes(label));
                Contents.flush(part, StandardOpenOption.WRITE);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                Contents.flushFolder(file.getParent());
            }
        }
    }

    Optional<ArchivedPicture> find(String owner) throws IOException {
        return read(file(owner));
    }

    /** Removes what is not wanted any more. */
    void sweep(int shard, Instant before, Predicate<ArchivedPicture> isWanted) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder.resolve(HexFormat.of().toHexDigits((byte) shard)))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.equals(".lock")
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)
                        && (name.startsWith(".") || read(file).filter(isWanted).isEmpty())) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // nothing was kept there yet, or another process removed a file first
        }
    }

    private static Optional<ArchivedPicture> read(Path file) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), ArchivedPicture.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path file(String owner) {
        return folder.resolve(owner.substring(0, 2)).resolve(owner + SUFFIX);
    }
}
