package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Sets files aside that need no closer look to be refused. */
final class Refusals {
    private final Path failed;
    private final Marks marks;
    private final Notes notes;

    /** @param failed where they go */
    Refusals(Path failed, Marks marks, Notes notes) {
        this.failed = failed;
        this.marks = marks;
        this.notes = notes;
    }

    /** Moves a file, and writes beside it why. One that cannot be moved is left and not looked at again. */
    void refuse(Seen file, String reason) throws IOException {
        try {
            Files.createDirectories(failed);
            Moves.ATOMIC.move(file.path(), file.name().in(failed));
        } catch (NoSuchFileException e) {
            return; // another process was quicker
        } catch (IOException e) {
            if (marks.set(file)) {
                marks.settle(file.mark());
                notes.refused(file.name(), reason + " It cannot be moved out of the drop folder: remove it there.");
            }
            return;
        }
        notes.done(file.name());
        notes.refused(file.name(), reason);
    }

    /** Says what failed, in the words of the disk. */
    static String cannot(String what, IOException e) {
        String why = e instanceof AccessDeniedException
                ? "the service's user may not"
                : e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return "cannot " + what + ": " + why + ". Give the service's user the right to read and move it.";
    }
}
