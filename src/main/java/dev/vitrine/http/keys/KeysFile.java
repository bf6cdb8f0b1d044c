package dev.vitrine.http.keys;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The file that names who may come in. It holds no key, only hashes. */
public final class KeysFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private record Content(@JsonProperty("keys") List<ApiKey> keys) {}

    private final Path path;

    /** @param path where it is, or will be */
    public KeysFile(Path path) {
        this.path = path;
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Whether there is one. */
    public boolean exists() {
        return Files.exists(path);
    }

    /**
     * Reads it.
     *
     * @return empty where there is no file
     * @throws IOException that says what is wrong with it
     */
    public List<ApiKey> read() throws IOException {
        if (!exists()) {
            return List.of();
        }
        try {
            Content content = JSON.readValue(path.toFile(), Content.class);
            if (content.keys() == null || content.keys().stream().anyMatch(Objects::isNull)) {
                throw new IOException("it has no list \"keys\"");
            }
            return List.copyOf(content.keys());
        } catch (ValueInstantiationException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IOException("it is no JSON of keys: " + e.getOriginalMessage(), e);
        }
    }

    /** Adds a key. */
    public void add(ApiKey key) throws IOException {
        List<ApiKey> keys = new ArrayList<>(read());
        keys.add(key);
        write(keys);
    }

    /**
     * Takes keys out.
     *
     * @param which a name, for all keys of it, or the id of one
     * @return those that were taken out
     */
    public List<ApiKey> remove(String which) throws IOException {
        List<ApiKey> keys = new ArrayList<>(read());
        List<ApiKey> gone = keys.stream()
                .filter(key -> key.name().equals(which) || key.id().equals(which))
                .toList();
        if (!gone.isEmpty()) {
            keys.removeAll(gone);
            write(keys);
        }
        return gone;
    }

    /** In one step, so that whoever reads meanwhile sees the old keys or the new ones, and nobody else may read it. */
    private void write(List<ApiKey> keys) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
        Path next = posix
                ? Files.createTempFile(
                        folder,
                        ".keys",
                        ".tmp",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createTempFile(folder, ".keys", ".tmp");
        try {
            JSON.writeValue(next.toFile(), new Content(keys));
            if (posix && exists()) {
                belongAsBefore(next);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** A group that an operator lets read the file, such as that of a container's user, may go on reading it. */
    private void belongAsBefore(Path next) throws IOException {
        PosixFileAttributes before = Files.readAttributes(path, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(next, PosixFileAttributeView.class);
        if (!view.readAttributes().owner().equals(before.owner())) {
            view.setOwner(before.owner());
        }
        if (!view.readAttributes().group().equals(before.group())) {
            view.setGroup(before.group());
        }
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");
        if (before.permissions().contains(PosixFilePermission.GROUP_READ)) {
            permissions.add(PosixFilePermission.GROUP_READ);
        }
        view.setPermissions(permissions);
    }
}
