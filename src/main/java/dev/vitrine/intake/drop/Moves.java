package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** How a file is moved within a disk: whole or not at all. Tests make it fail. */
@FunctionalInterface
interface Moves {
    /** The disk's own. */
    Moves ATOMIC = (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);

    void move(Path from, Path to) throws IOException;
}
