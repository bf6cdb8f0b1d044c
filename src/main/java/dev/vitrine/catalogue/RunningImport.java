package dev.vitrine.catalogue;

import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.sync.ImportCounts;
import dev.vitrine.catalogue.sync.ImportListener;

/** The import that is being worked on. */
final class RunningImport implements ImportListener {
    private final String id;
    private final Thread thread;
    private volatile String format;
    private volatile ImportCounts counts;
    private volatile boolean isCancelled;

    /** @param thread works on it */
    RunningImport(String id, Thread thread) {
        this.id = id;
        this.thread = thread;
    }

    String id() {
        return id;
    }

    String format() {
        return format;
    }

    ImportCounts counts() {
        return counts;
    }

    boolean isCancelled() {
        return isCancelled;
    }

    void cancel() {
        isCancelled = true;
        thread.interrupt();
    }

    @Override
    public void opened(String description) {
        format = description;
    }

    @Override
    public void fault(Fault fault) {
        // those that matter are in the report
    }

    @Override
    public void planned(ImportCounts now) {
        counts = now;
    }

    @Override
    public void progressed(ImportCounts now) {
        counts = now;
    }

    @Override
    public void waiting(String why) {
        // the counts stand still meanwhile
    }
}
