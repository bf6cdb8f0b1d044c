package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers on disk, for all processes, which files were taken that could not be moved out of the drop folder: an empty
 * mark, or, until the file is settled, one that names the process and the file.
 */
final class Marks {
    private final Path folder;
    private final String process;

    /** @param process names the process whose marks these are */
    Marks(Path folder, String process) {
        this.folder = folder;
        this.process = process;
    }

    void open() throws IOException {
        Files.createDirectories(folder);
    }

    Set<String> all() throws IOException {
        Set<String> marks = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> marks.add(file.getFileName().toString()));
        }
        return marks;
    }

    /** Keeps a file from being taken again. Of several processes one succeeds. */
    boolean set(Seen file) throws IOException {
        try {
            Files.writeString(
                    folder.resolve(file.mark()), process + " " + file.name().encoded(), StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** The file of a mark has ended where it should. */
    void settle(String mark) throws IOException {
        Files.write(folder.resolve(mark), new byte[0]);
    }

    void forget(String mark) throws IOException {
        Files.deleteIfExists(folder.resolve(mark));
    }

    /** Forgets what another process had marked and not settled; returns the files' names. */
    Set<FileName> forgetUnsettled(String other) throws IOException {
        Set<FileName> names = new HashSet<>();
        for (String mark : all()) {
            String[] words = Files.readString(folder.resolve(mark)).split(" ");
            if (words.length == 2 && words[0].equals(other)) {
                names.add(new FileName(words[1]));
                forget(mark);
            }
        }
        return names;
    }
}
