package dev.vitrine.catalogue;

import dev.vitrine.catalogue.ImportView.Status;
import dev.vitrine.catalogue.read.CatalogueException;
import dev.vitrine.catalogue.read.Catalogues;
import dev.vitrine.catalogue.read.Format;
import dev.vitrine.catalogue.sync.BusyException;
import dev.vitrine.catalogue.sync.CatalogueFile;
import dev.vitrine.catalogue.sync.HostPauses;
import dev.vitrine.catalogue.sync.ImageBase;
import dev.vitrine.catalogue.sync.ImportCounts;
import dev.vitrine.catalogue.sync.ImportOptions;
import dev.vitrine.catalogue.sync.ImportSpace;
import dev.vitrine.catalogue.sync.Importer;
import dev.vitrine.catalogue.sync.PictureSource;
import dev.vitrine.catalogue.sync.Target;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.job.Rfc3339;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on imports, one after the other. */
final class ImportWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ImportWorker.class);
    private static final int THREADS = 8;

    private final ImportFolder imports;
    private final Path remembered;
    private final Supplier<FileFetch> fetch;
    private final long maxPictureBytes;
    private final Clock clock;
    private volatile RunningImport running;

    /** @param wasBegun whether it began before, and its process ended */
    record Begun(ImportRequest request, boolean wasBegun) {}

    /**
     * @param remembered where it is remembered what was imported
     * @param fetch reaches the hosts that may be asked
     */
    ImportWorker(ImportFolder imports, Path remembered, Supplier<FileFetch> fetch, long maxPictureBytes, Clock clock) {
        this.imports = imports;
        this.remembered = remembered;
        this.fetch = fetch;
        this.maxPictureBytes = maxPictureBytes;
        this.clock = clock;
    }

    /** What is being worked on, if it is this one. */
    Optional<RunningImport> running(String id) {
        RunningImport one = running;
        return one != null && one.id().equals(id) ? Optional.of(one) : Optional.empty();
    }

    /** Ends an import that waits, now, or that is being worked on, soon. One that is over stays as it is. */
    void cancel(ImportRequest request) throws IOException {
        synchronized (this) {
            Optional<RunningImport> now = running(request.id());
            if (now.isPresent()) {
                now.get().cancel();
            } else if (imports.result(request.id()).isEmpty()) {
                imports.end(
                        ImportView.of(request, Status.CANCELLED, Rfc3339.format(clock.instant()), null, null, null));
            }
        }
    }

    /**
     * Works on whatever waits, until nothing does.
     *
     * @param target the service itself, as this import sees it
     */
    void work(Function<Begun, Target> target) {
        try {
            imports.sweep(clock.instant());
            for (String id : imports.ids()) {
                Optional<ImportRequest> request = imports.request(id);
                if (request.isPresent() && !run(request.get(), target)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.warn("Imports cannot be looked at now: {}", e.getMessage());
        }
    }

    /** @return false to end, and go on another time */
    private boolean run(ImportRequest request, Function<Begun, Target> target) throws IOException {
        RunningImport now = new RunningImport(request.id(), Thread.currentThread());
        synchronized (this) {
            if (imports.result(request.id()).isPresent()) {
                return true;
            }
            running = now;
        }
        try {
            LOG.info("Importing {}", request.name());
            boolean wasBegun = imports.begin(request.id());
            Importer.Outcome outcome = run(request, target.apply(new Begun(request, wasBegun)), now);
            String error = outcome.refusal().orElse(null);
            end(request, now, Status.COMPLETED, outcome.counts(), error);
            LOG.info(
                    "Imported {}: {} pictures sent, {} unchanged, {} failed",
                    request.name(),
                    outcome.counts().sent(),
                    outcome.counts().unchanged(),
                    outcome.counts().failed());
            return true;
        } catch (InterruptedException e) {
            if (!now.isCancelled()) {
                return false; // the service stops
            }
            end(request, now, Status.CANCELLED, now.counts(), null);
            return true;
        } catch (BusyException e) {
            return false; // another process works on them
        } catch (IOException | RuntimeException e) {
            if (now.isCancelled()) {
                end(request, now, Status.CANCELLED, now.counts(), null);
            } else {
                LOG.warn("{} was not imported: {}", request.name(), e.getMessage());
                end(request, now, Status.FAILED, now.counts(), String.valueOf(e.getMessage()));
            }
            return true;
        } finally {
            synchronized (this) {
                running = null;
            }
            if (now.isCancelled()) {
                Thread.interrupted(); // or the next import would hear of it
            }
        }
    }

    private Importer.Outcome run(ImportRequest request, Target target, RunningImport now)
            throws IOException, InterruptedException {
        try (ImportSpace space = ImportSpace.open(remembered.resolve(CatalogueFile.folderName(target.id())))) {
            FileFetch files = fetch.get();
            Path catalogue = request.url() == null
                    ? imports.catalogue(request.id())
                    : CatalogueFile.of(request.url(), files, space.fetched()).path();
            ImageBase base = request.imageBase() != null
                    ? ImageBase.url(request.imageBase())
                    : request.url() != null ? ImageBase.url(request.url()) : ImageBase.none();
            PictureSource source =
                    new PictureSource(files, new HostPauses(clock), base, space.fetched(), maxPictureBytes);
            Format format = request.format() == null
                    ? null
                    : Format.named(request.format())
                            .orElseThrow(() -> new CatalogueException("There is no format " + request.format()));
            return new Importer(space.folder(), new Catalogues(format, request.map()), source, target, now)
                    .run(
                            catalogue,
                            new ImportOptions(
                                    request.name(),
                                    request.includeHidden(),
                                    request.dryRun(),
                                    request.deleteMissing(),
                                    request.confirmed(),
                                    false,
                                    imports.report(request.id()),
                                    THREADS));
        }
    }

    private void end(ImportRequest request, RunningImport now, Status status, ImportCounts counts, String error)
            throws IOException {
        boolean wasInterrupted = Thread.interrupted(); // or nothing could be written
        try {
            imports.end(ImportView.of(request, status, Rfc3339.format(clock.instant()), now.format(), counts, error));
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
