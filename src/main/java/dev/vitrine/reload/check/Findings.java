package dev.vitrine.reload.check;

import java.nio.file.Path;
import java.util.List;

/** Collects what is wrong with one file. */
final class Findings {
    private final Path file;
    private final List<Finding> all;

    /** @param all where the findings of all files go */
    Findings(Path file, List<Finding> all) {
        this.file = file;
        this.all = all;
    }

    /** @param line from 1; 0 where it is not one line's fault */
    void add(int line, String message) {
        Finding finding = new Finding(file, line, message);
        if (!all.contains(finding)) {
            all.add(finding);
        }
    }
}
