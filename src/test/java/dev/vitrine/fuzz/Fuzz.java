package dev.vitrine.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How much is tried, from which seed, and where what does harm is put. */
final class Fuzz {
    private static final Path FOUND = Path.of("target/fuzz");
    private static final Path KEPT = Path.of("src/test/resources/fuzz");

    private Fuzz() {}

    static long seed() {
        return Long.getLong("fuzz.seed", 42);
    }

    /** How many of a kind: {@code -Dfuzz.KIND}, else a few. */
    static int count(String kind, int few) {
        return Integer.getInteger("fuzz." + kind, few);
    }

    /** Writes down what did harm, for the folder of regressions, and returns where. */
    static Path found(String name, byte[] content) {
        try {
            Files.createDirectories(FOUND);
            return Files.write(FOUND.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What once did harm, with this ending. */
    static List<Path> kept(String ending) {
        try (Stream<Path> files = Files.list(KEPT)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
