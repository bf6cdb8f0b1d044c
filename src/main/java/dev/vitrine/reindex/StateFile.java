package dev.vitrine.reindex;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.clip.ModelSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the {@link ModelState} where every process of the service sees it. Replaced as a whole, so that no reader sees half. */
public final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The file as it was when it was read last. */
    private record Cached(Object key, FileTime time, ModelState state) {}

    private final Path file;
    private volatile Cached cached = new Cached(null, null, ModelState.FIRST);

    /** @param dataDir the data folder */
    public StateFile(Path dataDir) {
        this.file = dataDir.resolve("model.json");
    }

    /** The data folder. */
    Path folder() {
        return file.getParent();
    }

    /**
     * The state as it is now.
     *
     * @throws UncheckedIOException when the file cannot be read
     */
    public ModelState read() {
        try {
            if (!Files.exists(file)) {
                return ModelState.FIRST;
            }
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Cached last = cached;
            if (now.lastModifiedTime().equals(last.time()) && Objects.equals(now.fileKey(), last.key())) {
                return last.state();
            }
            ModelState state = JSON.readValue(Files.readAllBytes(file), ModelState.class);
            cached = new Cached(now.fileKey(), now.lastModifiedTime(), state);
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be read; it says which model's vectors the index has: " + e.getMessage(), e);
        }
    }

    /** Which generation of collections serves. */
    public int generation() {
        return read().serving().generation();
    }

    /** The settings with the model that serves: once a model was introduced, the file decides which. */
    public ModelSettings serving(ModelSettings settings) {
        String model = read().serving().model();
        if (model == null || model.equals(settings.model())) {
            return settings;
        }
        LOG.warn(
                "VITRINE_MODEL is {}, but the index is of {}, which serves; set VITRINE_MODEL={}, or introduce another with"
                        + " ./vitrine reindex",
                settings.model(),
                model,
                model);
        return new ModelSettings(model, settings.device(), settings.workers());
    }

    /**
     * Replaces the state; of several processes one after the other does. On return it survives a loss of power.
     *
     * @throws UncheckedIOException when the file cannot be written
     */
    public synchronized ModelState update(UnaryOperator<ModelState> change) {
        try (FileChannel lock = FileChannel.open(
                        file.resolveSibling(".model.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            ModelState now = read();
            ModelState next = change.apply(now);
            if (!next.equals(now)) {
                write(next);
            }
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(ModelState state) throws IOException {
        Path part = file.resolveSibling(".model.json.part");
        Files.write(part, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(state));
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forgets everything, as an index that was emptied is nobody's. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
