package dev.vitrine.clip.install;

/** Hears how an installation goes; called by the installing thread. */
public interface InstallProgress {

    /**
     * Bytes have come.
     *
     * @param file the file's path in the model's folder
     * @param done bytes that are here
     * @param total bytes of the whole file, or 0 where that is not known
     */
    void received(String file, long done, long total);

    /** A file is complete; {@code verified} where it has the SHA-256 of the catalogue. */
    void completed(String file, boolean verified);

    /** Something happened that the user may want to know: one line. */
    void note(String message);
}
