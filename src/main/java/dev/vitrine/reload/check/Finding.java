package dev.vitrine.reload.check;

import java.nio.file.Path;

/**
 * What is wrong with a route file.
 *
 * @param line from 1; 0 where it is not one line's fault
 * @param message what is wrong, and what to write instead
 */
public record Finding(Path file, int line, String message) implements Comparable<Finding> {

    /** {@code FILE:LINE: MESSAGE}, the file as seen from a folder. */
    public String in(Path folder) {
        Path shown = file.startsWith(folder) ? folder.relativize(file) : file;
        return shown + ":" + (line > 0 ? line + ":" : "") + " " + message;
    }

    @Override
    public int compareTo(Finding other) {
        int byFile = file.compareTo(other.file);
        return byFile != 0 ? byFile : Integer.compare(line, other.line);
    }
}
