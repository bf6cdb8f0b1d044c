package dev.vitrine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Puts one folder into the place of another: afterwards the new one is there, or where that fails, the old one is again.
 *
 * @param folder the place
 * @param aside where the old one is meanwhile, on the same disk
 */
record FolderSwap(Path folder, Path aside) {

    /**
     * Replaces the folder.
     *
     * @param fresh what comes in its place; empty to leave none
     */
    void replaceBy(Optional<Path> fresh) throws IOException {
        boolean replaces = Files.exists(folder);
        if (replaces) {
            Files.move(folder, aside);
        }
        if (fresh.isEmpty()) {
            return;
        }
        try {
            Files.move(fresh.get(), folder);
        } catch (IOException e) {
            if (replaces) {
                Files.move(aside, folder);
            }
            throw e;
        }
    }
}
