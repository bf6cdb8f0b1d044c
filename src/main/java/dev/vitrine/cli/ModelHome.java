package dev.vitrine.cli;

import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.install.ModelCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where models are: {@code models/} below the system property {@code vitrine.home}, which is the current folder unless
 * the launcher says otherwise.
 */
final class ModelHome {
    /** Fewer files than that say little about a shop's pictures. */
    private static final int ENOUGH = 60;

    private final Path home = Path.of(System.getProperty("vitrine.home", "."));

    InstalledModels installed() {
        return new InstalledModels(home.resolve("models"));
    }

    ModelCatalogue catalogue() {
        return ModelCatalogue.read(home.resolve("models").resolve("catalogue.yaml"));
    }

    /** The site's own pictures: its archive, else what waits in the spool, else the samples. */
    Path pictures(Map<String, String> environment) throws IOException {
        String archive = environment.getOrDefault("VITRINE_ARCHIVE", "");
        if (!archive.isBlank() && hasFiles(Path.of(archive))) {
            return Path.of(archive);
        }
        Path spool = data(environment).resolve("spool");
        return hasFiles(spool) ? spool : home.resolve("samples");
    }

    /** Where things are kept that can be made again. */
    Path cache(Map<String, String> environment) {
        return data(environment).resolve("cache");
    }

    private Path data(Map<String, String> environment) {
        String data = environment.getOrDefault("VITRINE_DATA_DIR", "");
        return data.isBlank() ? home.resolve("data") : Path.of(data);
    }

    private static boolean hasFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).limit(ENOUGH).count() == ENOUGH;
        }
    }
}
