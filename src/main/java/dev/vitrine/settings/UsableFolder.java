package dev.vitrine.settings;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that a setting names and the service writes to. */
public final class UsableFolder {
    private final String setting;
    private final Path folder;

    /** @param setting names the folder */
    public UsableFolder(String setting, Path folder) {
        this.setting = setting;
        this.folder = folder;
    }

    /** Makes the folder, or what is in it. */
    @FunctionalInterface
    public interface Making {
        /** @throws IOException where that cannot be done */
        void run() throws IOException;
    }

    /**
     * Makes the folder and tries whether it may be written.
     *
     * @throws InvalidSettingException where it cannot be, with the setting's name and why
     */
    public void make(Making making) {
        try {
            making.run();
            Files.delete(Files.createTempFile(folder, ".try-", ".tmp"));
        } catch (IOException e) {
            throw new InvalidSettingException(setting + " is " + folder + ", which cannot be used: " + why(e)
                    + "; give it to the user " + System.getProperty("user.name") + ", or name another folder");
        }
    }

    private static String why(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be written";
        }
        if (e instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is not a folder";
        }
        String file = e instanceof FileSystemException failure ? failure.getFile() : null;
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return (file == null ? "" : file + " cannot be made or written")
                + (reason == null ? "" : (file == null ? "" : " (") + reason + (file == null ? "" : ")"));
    }
}
