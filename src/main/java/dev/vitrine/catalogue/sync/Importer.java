package dev.vitrine.catalogue.sync;

import dev.vitrine.catalogue.read.Catalogue;
import dev.vitrine.catalogue.read.Catalogues;
import dev.vitrine.catalogue.read.Fault;
import dev.vitrine.catalogue.read.ProductRow;
import dev.vitrine.catalogue.sync.Tally.What;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a catalogue into a service: reads all of it, then sends what is new or has changed. What was sent is remembered, so
 * that the next run, also one after a kill, sends only the rest.
 */
public final class Importer {

    /** More of what an earlier run brought may only go when that is confirmed. */
    private static final int MOST_MISSING_PERCENT = 10;

    /**
     * What came of it.
     *
     * @param report the table of failures; empty where nothing failed
     * @param refusal why nothing was deleted although that was asked for; empty otherwise
     */
    public record Outcome(ImportCounts counts, Optional<Path> report, Optional<String> refusal) {
        /** Whether all was done. */
        public boolean isComplete() {
            return counts.failed() == 0 && refusal.isEmpty();
        }
    }

    private final Path folder;
    private final Catalogues catalogues;
    private final PictureSource source;
    private final Target target;
    private final ImportListener listener;

    /** @param folder where it is remembered what was sent to this target */
    public Importer(Path folder, Catalogues catalogues, PictureSource source, Target target, ImportListener listener) {
        this.folder = folder;
        this.catalogues = catalogues;
        this.source = source;
        this.target = target;
        this.listener = listener;
    }

    /**
     * Imports a catalogue.
     *
     * @throws dev.vitrine.catalogue.read.CatalogueException where it cannot be read
     * @throws IOException where the service is away, or another import to it is running
     * @throws InterruptedException when its thread is interrupted; the next run goes on
     */
    public Outcome run(Path catalogue, ImportOptions options) throws IOException, InterruptedException {
        Tally tally = new Tally();
        Files.createDirectories(folder);
        Path planned = folder.resolve("plan.db");
        try (KnownPictures known = new KnownPictures(folder.resolve("sent.db"));
                FailureReport report = new FailureReport(options.report(), source.base())) {
            Files.deleteIfExists(planned);
            if (options.again() && !options.dryRun()) {
                known.clear();
            }
            try (Plan plan = new Plan(planned)) {
                read(catalogue, plan, tally, report, options);
                listener.planned(tally.counts());
                if (options.dryRun()) {
                    foresee(plan, known, options, tally);
                } else {
                    new Sending(source, target, known, report, tally, options, listener).run(plan);
                }
                Optional<String> refusal = deleteMissing(plan, known, options, tally);
                return new Outcome(tally.counts(), report.file(), refusal);
            } finally {
                Files.deleteIfExists(planned);
            }
        }
    }

    private void read(Path path, Plan plan, Tally tally, FailureReport report, ImportOptions options)
            throws IOException, InterruptedException {
        try (Catalogue catalogue = catalogues.open(path)) {
            listener.opened(catalogue.description());
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Optional<ProductRow> row = catalogue.next(fault -> heard(fault, tally, report));
                if (row.isEmpty()) {
                    break;
                }
                plan.add(row.get(), fault -> heard(fault, tally, report));
            }
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        tally.add(What.PRODUCTS, plan.products());
        tally.add(What.PICTURES, plan.size());
        for (Iterator<Map.Entry<String, Long>> i = plan.withoutPictures(); i.hasNext(); ) {
            Map.Entry<String, Long> product = i.next();
            tally.add(What.WITHOUT_PICTURE);
            listener.fault(Fault.warning(
                    product.getValue(),
                    "image",
                    "The product " + product.getKey() + " has no picture and is left out"));
        }
    }

    private void heard(Fault fault, Tally tally, FailureReport report) {
        listener.fault(fault);
        if (fault.isWarning()) {
            return;
        }
        tally.add(What.FAILED);
        try {
            report.add(fault);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts what would be done, without asking anybody. */
    private static void foresee(Plan plan, KnownPictures known, ImportOptions options, Tally tally) {
        for (Iterator<Wanted> i = plan.pictures(); i.hasNext(); ) {
            Wanted wanted = i.next();
            Optional<Known> before = known.find(wanted.key());
            tally.add(What.DONE);
            if (!wanted.isShown() && !options.includeHidden()) {
                tally.add(What.SKIPPED);
            } else if (before.isEmpty() || before.get().hash().isEmpty()) {
                tally.add(What.SENT);
            } else if (!before.get().details().equals(Details.hash(wanted))) {
                tally.add(What.UPDATED);
            } else {
                tally.add(What.UNCHANGED);
            }
        }
    }

    private Optional<String> deleteMissing(Plan plan, KnownPictures known, ImportOptions options, Tally tally)
            throws IOException, InterruptedException {
        long there = 0;
        long missing = 0;
        for (Iterator<String> i = known.keys(); i.hasNext(); ) {
            String key = i.next();
            if (isOf(known.find(key), options)) {
                there++;
                missing += isMissing(key, plan, options) ? 1 : 0;
            }
        }
        tally.add(What.MISSING, missing);
        if (!options.deleteMissing() || missing == 0 || options.dryRun()) {
            return Optional.empty();
        }
        if (missing * 100 > there * MOST_MISSING_PERCENT && !options.confirmed()) {
            return Optional.of("The catalogue lacks " + missing + " of " + there
                    + " pictures that were imported from it, more than " + MOST_MISSING_PERCENT
                    + " %, so nothing is deleted; where that is meant, confirm it with --yes");
        }
        List<String> gone = new ArrayList<>();
        for (Iterator<String> i = known.keys(); i.hasNext(); ) {
            String key = i.next();
            if (isOf(known.find(key), options) && isMissing(key, plan, options)) {
                gone.add(key);
            }
            if (gone.size() == 1_000 || !i.hasNext()) {
                delete(gone, known, tally);
                gone.clear();
            }
        }
        return Optional.empty();
    }

    private void delete(List<String> keys, KnownPictures known, Tally tally) throws IOException, InterruptedException {
        Patience patience = new Patience(listener::waiting);
        for (String key : keys) {
            int end = key.indexOf('\n');
            patience.ask(() -> {
                target.delete(key.substring(0, end), key.substring(end + 1));
                return null;
            });
            known.remove(key);
            tally.add(What.DELETED);
            listener.progressed(tally.counts());
        }
    }

    private static boolean isOf(Optional<Known> known, ImportOptions options) {
        return known.isPresent() && known.get().catalogue().equals(options.name());
    }

    private static boolean isMissing(String key, Plan plan, ImportOptions options) {
        return plan.find(key)
                .filter(wanted -> wanted.isShown() || options.includeHidden())
                .isEmpty();
    }
}
