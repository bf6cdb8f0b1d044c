package dev.vitrine.cli;

import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.install.ModelCatalogue;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where models are: {@code models/} below the system property {@code vitrine.home}, which is the current folder unless
 * the launcher says otherwise.
 */
final class ModelHome {

    private final Path home = Path.of(System.getProperty("vitrine.home", "."));

    InstalledModels installed() {
        return new InstalledModels(home.resolve("models"));
    }

    ModelCatalogue catalogue() {
        return ModelCatalogue.read(home.resolve("models").resolve("catalogue.yaml"));
    }

    /** Where things are kept that can be made again. */
    Path cache(Map<String, String> environment) {
        String data = environment.getOrDefault("VITRINE_DATA_DIR", "");
        return (data.isBlank() ? home.resolve("data") : Path.of(data)).resolve("cache");
    }
}
