package dev.vitrine.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was asked to be imported, a folder each: {@code request.json}, {@code catalogue}, {@code result.json} once it is over,
 * {@code failed.csv}. Ids are ordered by time.
 */
final class ImportFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
    private static final int MOST_KEPT = 100;

    private final Path folder;

    ImportFolder(Path folder) {
        this.folder = folder;
    }

    /** Keeps a request; its catalogue, if it has one, is moved here. */
    void add(ImportRequest request, Optional<Path> catalogue) throws IOException {
        Path own = Files.createDirectories(of(request.id()));
        if (catalogue.isPresent()) {
            Files.move(catalogue.get(), catalogue(request.id()), StandardCopyOption.REPLACE_EXISTING);
        }
        write(own, "request.json", request);
        forget();
    }

    /** The folder of one. */
    Path of(String id) {
        return folder.resolve(id);
    }

    /** Its catalogue, where that came with the request. */
    Path catalogue(String id) {
        return of(id).resolve("catalogue");
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
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> ID.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    private void forget() throws IOException {
        List<String> ids = ids();
        for (String id : ids.subList(0, Math.max(0, ids.size() - MOST_KEPT))) {
            if (result(id).isPresent()) {
                try (Stream<Path> files = Files.list(of(id))) {
                    for (Path file : files.toList()) {
                        Files.deleteIfExists(file);
                    }
                }
                Files.deleteIfExists(of(id));
            }
        }
    }

    private static void write(Path folder, String name, Object value) throws IOException {
        Path part = folder.resolve(name + ".part");
        JSON.writeValue(part.toFile(), value);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), type)) : Optional.empty();
    }
}
