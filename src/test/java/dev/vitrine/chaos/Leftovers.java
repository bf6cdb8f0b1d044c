package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Files of uploads that are still there. */
public final class Leftovers {
    private static final Duration AGE = Duration.ofHours(1);

    private Leftovers() {}

    /** Names of the records in a spool folder, of the jobs that are owed. */
    public static List<Path> owed(Path spool) {
        return files(spool).stream()
                .filter(file -> file.toString().endsWith(".json")
                        && !file.getFileName().toString().startsWith("."))
                .toList();
    }

    /**
     * Files that crashes left behind are removed once they are old; here they are made old, and waited for.
     *
     * @param mayStay names of files that are kept on purpose
     */
    public static void assertSwept(List<Path> folders, Predicate<String> mayStay, long seed) {
        FileTime old = FileTime.from(Instant.now().minus(AGE));
        folders.stream().flatMap(folder -> files(folder).stream()).forEach(file -> age(file, old));
        await("folders empty; seed " + seed).atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(
                        folders.stream().flatMap(folder -> files(folder).stream()))
                .allMatch(file -> mayStay.test(file.getFileName().toString())));
    }

    private static void age(Path file, FileTime old) {
        try {
            Files.setLastModifiedTime(file, old);
        } catch (NoSuchFileException e) {
            // removed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            return files(folder); // a folder went while it was looked at
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
