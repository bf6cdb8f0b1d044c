package dev.vitrine.job;

/** Is told of the ends of jobs. */
@FunctionalInterface
public interface JobEvents {

    /** Nobody wants to know. */
    JobEvents NONE = event -> {};

    /** An attempt has ended. Returns quickly and never throws, as nobody can change it any more. */
    void ended(JobEvent event);

    /**
     * It is decided that a job ends, and how; Redis hears it next, and {@link #ended} follows. So no crash between the two
     * keeps this from being told, but it may be told of an attempt whose job another worker has by now, which then tells
     * of an end of its own. An attempt that another one follows is not told of. Returns quickly and never throws.
     */
    default void decided(JobEvent event) {}

    /**
     * The work of a job is done, and the spool is about to forget it; {@link #ended} follows unless the process dies, and
     * this is told again then. Returns quickly and never throws.
     */
    default void ending(Job job) {}
}
