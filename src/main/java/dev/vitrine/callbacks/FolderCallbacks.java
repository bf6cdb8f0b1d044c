package dev.vitrine.callbacks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.spool.FolderClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link CallbackStore} in a folder, a file each, {@code ID.json}. */
final class FolderCallbacks implements CallbackStore {
    private static final Logger LOG = LoggerFactory.getLogger(FolderCallbacks.class);
    private static final String SUFFIX = ".json";
    private static final String UNREADABLE = ".unreadable";
    private static final String UNFINISHED = ".part-";

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** @param folder need not exist until {@link #open} */
    FolderCallbacks(Path folder) {
        this.folder = folder;
    }

    FolderCallbacks open() throws IOException {
        Files.createDirectories(folder);
        return this;
    }

    @Override
    public void write(OwedCallback owed) {
        Path unfinished = folder.resolve(UNFINISHED + UUID.randomUUID());
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(owed));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unfinished, file(owed.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Webhooks cannot be written at " + folder, e);
        }
    }

    @Override
    public Optional<OwedCallback> find(String id) {
        try {
            return Optional.of(json.readValue(Files.readAllBytes(file(id)), OwedCallback.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            Path aside = folder.resolve(id + UNREADABLE);
            LOG.error("A webhook cannot be understood and is not sent; it is put aside as {}", aside, e);
            putAside(file(id), aside);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Webhooks cannot be read at " + folder, e);
        }
    }

    private void putAside(Path file, Path aside) {
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Webhooks cannot be put aside at " + folder, e);
        }
    }

    @Override
    public void remove(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException("Webhooks cannot be removed at " + folder, e);
        }
    }

    /** By the clock of the folder's disk. */
    @Override
    public Set<String> olderThan(Duration age) {
        Instant time = new FolderClock(folder).now().minus(age);
        Set<String> ids = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!isBefore(file, time)) {
                    continue;
                }
                if (name.startsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(SUFFIX)) {
                    ids.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Webhooks cannot be listed at " + folder, e);
        }
        return ids;
    }

    private static boolean isBefore(Path file, Instant time) throws IOException {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isAfter(time);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }
}
