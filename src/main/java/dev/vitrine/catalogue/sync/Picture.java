package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A picture's file.
 *
 * @param file null where the server says that it has not changed
 * @param hash SHA-256 of its bytes; null with the file
 * @param etag validator of its URL; null for none
 * @param lastModified validator of its URL; null for none
 * @param isTemporary whether it was fetched and goes afterwards
 */
record Picture(Path file, String hash, String etag, String lastModified, boolean isTemporary) implements AutoCloseable {

    boolean isUnchanged() {
        return file == null;
    }

    @Override
    public void close() throws IOException {
        if (isTemporary && file != null) {
            Files.deleteIfExists(file);
        }
    }
}
