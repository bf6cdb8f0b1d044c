package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said about files: a line in the log, once, and a text in {@code .failed/} for whoever dropped the file. One
 * thread.
 */
final class Notes {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final String REFUSED = ".error.txt";
    private static final String WAITING = ".waiting.txt";

    private final Path folder;
    private final Map<FileName, String> said = new HashMap<>();

    /** @param folder where texts are written; made where it is missing */
    Notes(Path folder) {
        this.folder = folder;
    }

    /** Says a line about a file in the log, unless it was the last that was said about it. */
    void once(FileName file, String line) {
        if (!line.equals(said.put(file, line))) {
            LOG.warn("Drop folder: {} {}", file.shown(), line);
        }
    }

    /** Says once, in the log and in a text, why a file stays in the drop folder. */
    void waiting(FileName file, String reason) {
        if (!reason.equals(said.get(file))) {
            once(file, reason);
            write(file.with(WAITING), file.shown() + " is still in the drop folder. It " + reason);
        }
    }

    /** Says why a file is in {@code .failed/}. */
    void refused(FileName file, String reason) {
        LOG.warn("Drop folder: {} is now in .failed/: {}", file.shown(), reason);
        write(file.with(REFUSED), reason + System.lineSeparator() + "Mend it and drop it again.");
    }

    /** Takes back what was said about a file that waits no more. */
    void done(FileName file) {
        said.remove(file);
        try {
            Files.deleteIfExists(file.with(WAITING).in(folder));
        } catch (IOException e) {
            LOG.warn("Drop folder: {} cannot be removed: {}", file.with(WAITING).shown(), e.getMessage());
        }
    }

    /** Takes back what was said about files that are not there any more. */
    void keep(Collection<FileName> present) {
        for (FileName gone :
                said.keySet().stream().filter(name -> !present.contains(name)).toList()) {
            done(gone);
        }
    }

    private void write(FileName name, String text) {
        byte[] bytes = (text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(folder);
            Files.write(name.in(folder), bytes);
        } catch (IOException e) {
            LOG.warn("Drop folder: {} cannot be written: {}", name.shown(), e.getMessage());
        }
    }
}
