package dev.vitrine.clip.install;

import java.io.IOException;
import java.nio.file.Path;

/** Where a model's files come from. */
public interface ModelSource {

    /**
     * Brings a file into {@code part}, going on where an earlier try stopped if it can. Returns when the file is
     * complete by its length and on disk; its SHA-256 is checked by the caller.
     *
     * @throws InstallException where it cannot be had
     * @throws IOException when writing fails
     */
    void fetch(CatalogueModel model, CatalogueFile file, Path part, InstallProgress progress)
            throws IOException, InterruptedException;
}
