package dev.vitrine.cluster;

/**
 * A program on a host of its own that can be broken.
 *
 * @param kind what it is: {@code api}, {@code worker}, {@code redis}, {@code qdrant}, {@code s3}
 * @param longest how long it is broken at most, ms; half of it at least
 */
record Machine(String kind, Host host, int longest, Program program) {

    /**
     * The program.
     *
     * @param kill ends it without warning
     * @param start starts it again
     * @param pause stops it in its tracks
     * @param resume lets it go on
     */
    record Program(Runnable kill, Runnable start, Runnable pause, Runnable resume) {}
}
