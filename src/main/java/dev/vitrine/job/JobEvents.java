package dev.vitrine.job;

/** Is told of the ends of jobs. */
@FunctionalInterface
public interface JobEvents {

    /** Nobody wants to know. */
    JobEvents NONE = event -> {};

    /** An attempt has ended. Returns quickly and never throws, as nobody can change it any more. */
    void ended(JobEvent event);

    /**
     * The work of a job is done, and the spool is about to forget it; {@link #ended} follows unless the process dies, and
     * this is told again then. Returns quickly and never throws.
     */
    default void ending(Job job) {}
}
