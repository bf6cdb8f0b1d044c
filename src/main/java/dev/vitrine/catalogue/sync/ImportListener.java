package dev.vitrine.catalogue.sync;

import dev.vitrine.catalogue.read.Fault;

/** Watches an import. Called from several threads. */
public interface ImportListener {

    /** What the file was taken for. */
    void opened(String description);

    /** Something about a row. */
    void fault(Fault fault);

    /** All rows are read; pictures follow. */
    void planned(ImportCounts counts);

    /** Something happened. */
    void progressed(ImportCounts counts);

    /** The service or a host lets us wait. */
    void waiting(String why);
}
