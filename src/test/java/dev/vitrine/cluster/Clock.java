package dev.vitrine.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The clock of a host, which may be wrong, and jump, for the programs that are told of it. Needs Debian's libfaketime. */
final class Clock {
    /** The variant for programs with threads. */
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path library;
    private final Path file;

    private Clock(Path library, Path file) {
        this.library = library;
        this.file = file;
        set(Duration.ZERO);
    }

    /**
     * A clock that is right until it is set; empty where the library is not there.
     *
     * @param file keeps how wrong it is
     */
    static Optional<Clock> at(Path file) {
        return library().map(library -> new Clock(library, file));
    }

    /** Whether clocks can be wrong here. */
    static boolean canBeWrong() {
        return library().isPresent();
    }

    /** From now on the clock is wrong by so much, for programs that run as for those that are started. */
    void set(Duration offset) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, String.format("%+d%n", offset.toSeconds()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the environment of a program must have. Only the time of day is wrong: waiting and files' times are not. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Else a JVM's waits end at once.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "NO_FAKE_STAT", "1");
    }

    private static Optional<Path> library() {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            return Stream.concat(Stream.of(Path.of("/usr/lib")), List.copyOf(folders.toList()).stream())
                    .map(folder -> folder.resolve(LIBRARY))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
