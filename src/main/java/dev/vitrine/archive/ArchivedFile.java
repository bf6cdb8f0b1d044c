package dev.vitrine.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A picture of the archive as a file, until it is closed.
 *
 * @param path is only read
 * @param isCopy whether it goes when it is closed
 */
public record ArchivedFile(Path path, boolean isCopy) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        if (isCopy) {
            Files.deleteIfExists(path);
        }
    }
}
