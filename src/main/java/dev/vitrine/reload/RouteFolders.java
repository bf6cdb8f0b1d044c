package dev.vitrine.reload;

import dev.vitrine.reload.check.RouteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folders with the routes and Kamelets of an installation. */
public final class RouteFolders {
    private final Map<Path, String> endings;

    /** @param home the folder with {@code routes/} and, where there are any, {@code kamelets/} */
    public RouteFolders(Path home) {
        Path absolute = home.toAbsolutePath().normalize();
        endings = new TreeMap<>(
                Map.of(absolute.resolve("routes"), ".camel.yaml", absolute.resolve("kamelets"), ".kamelet.yaml"));
    }

    /** The files as they are now, by path. */
    public SortedMap<Path, RouteSource> read() throws IOException {
        SortedMap<Path, RouteSource> sources = new TreeMap<>();
        for (Map.Entry<Path, String> folder : endings.entrySet()) {
            if (!Files.isDirectory(folder.getKey())) {
                continue;
            }
            try (Stream<Path> files = Files.list(folder.getKey())) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(folder.getValue()) && !name.startsWith(".") && Files.isRegularFile(file)) {
                        read(file, sources);
                    }
                }
            }
        }
        return sources;
    }

    private static void read(Path file, Map<Path, RouteSource> sources) throws IOException {
        try {
            sources.put(file, RouteSource.read(file));
        } catch (NoSuchFileException e) {
            // an editor has just renamed it
        }
    }
}
