package dev.vitrine.catalogue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was asked to be imported, a folder each, which is there only when it is complete: {@code request.json}, {@code catalogue}, {@code result.json} once it is over,
 * {@code failed.csv}. Ids are ordered by time.
 */
final class ImportFolder {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES); // of another version
    private static final String CATALOGUE = "catalogue";
    private static final String PART = ".part";
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
    private static final Pattern PARTS = Pattern.compile("[0-9a-f-]{36}\\.part");

    /** A catalogue is copied in less. */
    private static final Duration LONGEST_ADD = Duration.ofHours(6);

    private static final int MOST_KEPT = 100;

    private final Path folder;

    ImportFolder(Path folder) {
        this.folder = folder;
    }

    /** Puts a catalogue into a file, which may be done by moving it. */
    @FunctionalInterface
    interface Content {
        void to(Path file) throws IOException;
    }

    /** Keeps a request. When this returns, a loss of power does not lose it; before, none of it is there. */
    void add(ImportRequest request, Optional<Content> catalogue) throws IOException {
        Path part = Files.createDirectories(folder.resolve(request.id() + PART));
        if (catalogue.isPresent()) {
            Path file = part.resolve(CATALOGUE);
            catalogue.get().to(file);
            flush(file, StandardOpenOption.WRITE);
        }
        write(part, "request.json", request);
        Files.move(part, of(request.id()), StandardCopyOption.ATOMIC_MOVE);
        flushFolder(folder);
        forget();
    }

    /** Removes what requests left that were never taken, as their process was killed. */
    void sweep(Instant now) throws IOException {
        for (Path left : folders(PARTS)) {
            if (Files.getLastModifiedTime(left).toInstant().plus(LONGEST_ADD).isBefore(now)) {
                remove(left);
            }
        }
    }

    /** Notes that an import begins; true where it began before, and did not come to its end. */
    boolean begin(String id) throws IOException {
        try {
            Files.createFile(of(id).resolve("begun"));
            return false;
        } catch (FileAlreadyExistsException e) {
            return true;
        }
    }

    /** The folder of one. */
    Path of(String id) {
        return folder.resolve(id);
    }

    /** Its catalogue, where that came with the request. */
    Path catalogue(String id) {
        return of(id).resolve(CATALOGUE);
    }

    /** What could not be imported; there only where something could not. */
    Path report(String id) {
        return of(id).resolve("failed.csv");
    }

    Optional<ImportRequest> request(String id) throws IOException {
        return ID.matcher(id).matches() ? read(of(id).resolve("request.json"), ImportRequest.class) : Optional.empty();
    }

    /** How it ended; empty while it has not. */
    Optional<ImportView> result(String id) throws IOException {
        return read(of(id).resolve("result.json"), ImportView.class);
    }

    /** Its end; the catalogue is not needed any more. */
    void end(ImportView result) throws IOException {
        write(of(result.id()), "result.json", result);
        Files.deleteIfExists(catalogue(result.id()));
    }

    /** All ids, the oldest first. */
    List<String> ids() throws IOException {
        return folders(ID).stream().map(path -> path.getFileName().toString()).toList();
    }

    private List<Path> folders(Pattern name) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(
                            path -> name.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private void forget() throws IOException {
        List<String> ids = ids();
        for (String id : ids.subList(0, Math.max(0, ids.size() - MOST_KEPT))) {
            if (result(id).isPresent()) {
                remove(of(id));
            }
        }
    }

    private static void remove(Path own) throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(own);
    }

    private static void write(Path folder, String name, Object value) throws IOException {
        Path part = folder.resolve(name + PART);
        JSON.writeValue(part.toFile(), value);
        flush(part, StandardOpenOption.WRITE);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        flushFolder(folder);
    }

    private static void flushFolder(Path folder) throws IOException {
        try {
            flush(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            // Windows opens no folder, and journals its names itself.
        }
    }

    private static void flush(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), type)) : Optional.empty();
    }
}
