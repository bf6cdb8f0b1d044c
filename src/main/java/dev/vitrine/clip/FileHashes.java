package dev.vitrine.clip;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of large files, remembered between starts: reading 350 MB takes seconds, looking up a path, its size and its
 * time of change does not.
 */
public final class FileHashes {

    private static final Logger LOG = LoggerFactory.getLogger(FileHashes.class);
    private static final String FILE = "model-hashes.json";

    private record Entry(long bytes, String modified, String sha256) {}

    private final Path cache;
    private final ObjectMapper json = new ObjectMapper();

    /** @param folder where the hashes are remembered; made when needed, and safe to delete */
    public FileHashes(Path folder) {
        this.cache = folder.resolve(FILE);
    }

    /**
     * The SHA-256 of a file as 64 lower-case hex digits.
     *
     * @throws UncheckedIOException when the file cannot be read; a cache that cannot be read or written only costs time
     */
    public synchronized String sha256(Path file) {
        try {
            String key = file.toRealPath().toString();
            long bytes = Files.size(file);
            String modified = Files.getLastModifiedTime(file).toString();
            Map<String, Entry> known = read();
            Entry entry = known.get(key);
            if (entry != null && entry.bytes() == bytes && entry.modified().equals(modified)) {
                return entry.sha256();
            }
            String sha256 = compute(file);
            known.put(key, new Entry(bytes, modified, sha256));
            write(known);
            return sha256;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** The SHA-256 of a file as 64 lower-case hex digits, without looking anything up: reads the whole file. */
    public static String compute(Path file) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private Map<String, Entry> read() {
        if (Files.isRegularFile(cache)) {
            try {
                return json.readValue(cache.toFile(), new TypeReference<TreeMap<String, Entry>>() {});
            } catch (IOException e) {
                LOG.warn(
                        "{} cannot be read and is written anew ({})",
                        cache,
                        e.getClass().getSimpleName());
            }
        }
        return new TreeMap<>();
    }

    private void write(Map<String, Entry> known) {
        try {
            Files.createDirectories(cache.getParent());
            Path next = Files.createTempFile(cache.getParent(), FILE, ".tmp");
            json.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), known);
            Files.move(next, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so the next start reads the model again: {}", cache, e.getMessage());
        }
    }
}
