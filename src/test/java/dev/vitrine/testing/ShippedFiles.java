package dev.vitrine.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The route files and Kamelets that the project ships, as {@code src/test/resources/shipped-files.txt} lists them. A site
 * that adds its own beside them can still run the project's tests.
 */
public final class ShippedFiles {
    private ShippedFiles() {}

    /** The lines of the list, without comments. */
    static List<String> list() {
        try (InputStream list =
                Objects.requireNonNull(ShippedFiles.class.getResourceAsStream("/shipped-files.txt"), "the list")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shipped files of a folder, such as {@code routes}, without those of the folders in it. */
    public static List<Path> in(String folder) {
        Path path = RunningVitrine.HOME.resolve(folder);
        return list().stream()
                .filter(line -> !line.startsWith("!"))
                .map(RunningVitrine.HOME::resolve)
                .filter(file -> file.getParent().equals(path))
                .toList();
    }

    /** Copies the shipped files of {@code routes/} and {@code kamelets/}, without the examples. */
    public static void copy(Path home) throws IOException {
        for (String folder : List.of("routes", "kamelets")) {
            Path target = Files.createDirectories(home.resolve(folder));
            for (Path file : in(folder)) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }
}
