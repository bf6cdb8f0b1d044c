package dev.vitrine.clip.install;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file of a model.
 *
 * @param file its path in the repository, with slashes
 * @param saveAs its path in the model's folder, with slashes
 * @param bytes its length where it is known
 * @param sha256 64 lower-case hex digits where it is known
 */
public record CatalogueFile(String file, String saveAs, OptionalLong bytes, Optional<String> sha256) {

    public CatalogueFile {
        requireInside(file);
        requireInside(saveAs);
        sha256.filter(sum -> !sum.matches("[0-9a-f]{64}")).ifPresent(sum -> {
            throw new IllegalArgumentException("sha256 of " + file + " is not 64 lower-case hex digits: " + sum);
        });
    }

    /** A file in the catalogue must not lead out of the model's folder. */
    private static void requireInside(String path) {
        Path relative = Path.of(path);
        if (!path.matches("[A-Za-z0-9._+@/-]+")
                || path.contains("//")
                || relative.isAbsolute()
                || !relative.normalize().equals(relative)
                || relative.startsWith("..")) {
            throw new IllegalArgumentException("'" + path + "' is not a plain relative path such as onnx/model.onnx");
        }
    }
}
