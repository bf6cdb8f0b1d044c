package dev.vitrine.job;

/** Is told how each attempt at a job ended. */
@FunctionalInterface
public interface JobEvents {

    /** Nobody wants to know. */
    JobEvents NONE = event -> {};

    /** Returns quickly and never throws: the job has ended already. */
    void ended(JobEvent event);
}
