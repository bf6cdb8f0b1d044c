package dev.vitrine.reload.check;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A route file as it was read, so that what was checked is what is run. */
public record RouteSource(Path file, String text) {

    /** Reads a file of UTF-8. */
    public static RouteSource read(Path file) throws IOException {
        try {
            return new RouteSource(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8; save it as that", e);
        }
    }

    /** Whether this is a Kamelet, not a file of routes. */
    public boolean isKamelet() {
        return file.toString().endsWith(".kamelet.yaml");
    }
}
