package dev.vitrine.decoder;

import dev.vitrine.decoder.DecoderPool.Terms;
import dev.vitrine.image.LocalPixels;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.PictureSettings;
import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.watchdog.Watchdog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Checking, decoding and preprocessing pictures. */
public final class PicturesPart implements Part {
    /** Processor time of a core that the picture of a search may take. */
    static final Duration SEARCH_DEADLINE = Duration.ofSeconds(2);

    /** How long a decoder process is kept that no picture needs. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    /** The same by the clock, on a machine that is busy. */
    private static final Duration SEARCH_CLOCK = Duration.ofSeconds(3);

    /** How long the picture of a search waits for its turn; with the time above, less than a client waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long an upload waits for a decoder before it is put off. */
    private static final Duration INDEX_PATIENCE = Duration.ofSeconds(10);

    /** Larger pictures of searches wait in a lane of their own, so that they keep no small one waiting. */
    private static final long SMALL_PIXELS = 4_000_000;

    /** Small pictures take milliseconds, so as many may wait as searches are let in at once, and for longer. */
    private static final int MOST_SMALL_WAITING = 32;

    /** More pixels in flight in the service itself would take memory and gain nothing. */
    private static final long PIXELS_A_CORE = 32_000_000;

    private static final Duration SMALL_PATIENCE = Duration.ofSeconds(3);

    /** An upload that does not compute but waits is given up after so many times its processor time. */
    private static final int WAITING_FACTOR = 10;

    private final PictureSettings settings;
    private final Supplier<Preprocessing> preprocessing;
    private final MeterRegistry meters;
    private final PictureInspector inspector;
    private Watchdog decoding;
    private Watchdog searches;
    private BoundedPreparer pictures;

    /** @param preprocessing how the model wants its pictures; asked for at opening */
    public PicturesPart(PictureSettings settings, Supplier<Preprocessing> preprocessing, MeterRegistry meters) {
        this.settings = settings;
        this.preprocessing = preprocessing;
        this.meters = meters;
        this.inspector = new PictureInspector(settings.maxPixels());
    }

    /** Checks a picture before it is accepted. */
    public PictureInspector inspector() {
        return inspector;
    }

    /** Starts no process: the first picture that needs one does. */
    @Override
    public void open() {
        Duration deadline = settings.decodeDeadline();
        decoding = new Watchdog("decoder", deadline, Watchdog.mostStuckHere(), Thread.MIN_PRIORITY);
        searches = new Watchdog("search-decoder", shorter(SEARCH_DEADLINE, deadline), Watchdog.mostStuckHere());
        pictures = preparer(preprocessing.get());
        measure("index", pictures.indexingPool());
        measure("search", pictures.searchingPool());
        Gauge.builder("vitrine.stuck", () -> decoding.stuck() + searches.stuck())
                .description("threads that do not end, each on a picture that was given up")
                .tag("part", "decoder")
                .register(meters);
    }

    /**
     * Makes pictures ready for another model than the one of the settings.
     *
     * @return its user's to close
     */
    public BoundedPreparer preparer(Preprocessing model) {
        int cores = Runtime.getRuntime().availableProcessors();
        Preparation forIndex = preparation(model, settings.maxPixels(), settings.thumbnails());
        Preparation forSearch = preparation(model, settings.searchMaxPixels(), false);
        Duration deadline = settings.decodeDeadline();
        DecoderPool indexing = pool(forIndex, new Terms(deadline, deadline.multipliedBy(WAITING_FACTOR), false), cores);
        DecoderPool searching =
                pool(forSearch, new Terms(shorter(SEARCH_DEADLINE, deadline), SEARCH_CLOCK, true), cores);
        LocalPixels here = here(forIndex, decoding);
        LocalPixels hereForSearch = here(forSearch, searches);
        return new BoundedPreparer(
                new PicturePreparer(forIndex, new DividedPixels(here, waitingInTurn(indexing, cores), Long.MAX_VALUE)),
                new PicturePreparer(
                        forSearch,
                        new DividedPixels(
                                new Lane(
                                        hereForSearch,
                                        cores,
                                        MOST_SMALL_WAITING,
                                        SMALL_PATIENCE,
                                        TooManySearchesException::new),
                                new Lane(searching, cores, 2 * cores, PATIENCE, TooManySearchesException::new),
                                SMALL_PIXELS)),
                indexing,
                searching,
                Timer.builder("vitrine.decode")
                        .description("Time to make a picture ready for the model, the wait for a decoder included")
                        .register(meters));
    }

    private static LocalPixels here(Preparation preparation, Watchdog watchdog) {
        return new LocalPixels(
                new PictureShrinker(preparation), PicturePreparer.pixelsThatFit(), Optional.of(watchdog));
    }

    /** Workers that wait for long give their job back, so that plain pictures behind it are not kept waiting. */
    private static Lane waitingInTurn(DecoderPool pool, int places) {
        return new Lane(
                pool,
                places,
                Integer.MAX_VALUE,
                INDEX_PATIENCE,
                () -> new DecoderUnavailableException(
                        "All decoders are busy with pictures that take long; this one is tried again later", null));
    }

    private Preparation preparation(Preprocessing model, long maxPixels, boolean thumbnails) {
        return new Preparation(
                model,
                maxPixels,
                settings.applyExif(),
                settings.reduceLargeJpegs(),
                settings.transparency(),
                thumbnails);
    }

    private static DecoderPool pool(Preparation preparation, Terms terms, int most) {
        long heap = DecoderPool.heapFor(preparation.maxPixels());
        return new DecoderPool(new DecoderLaunch(preparation, DecoderMain.class.getName(), heap), terms, most, QUIET);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void measure(String purpose, DecoderPool pool) {
        Gauge.builder("vitrine.decoder.processes", pool, DecoderPool::processes)
                .description("child processes that decode pictures")
                .tag("for", purpose)
                .register(meters);
        FunctionCounter.builder("vitrine.decoder.killed", pool, DecoderPool::killed)
                .description("child processes that a picture made useless: too much time, too much memory, a crash")
                .tag("for", purpose)
                .register(meters);
    }

    private void checkThreads() {
        decoding.check();
        searches.check();
    }

    /** Makes pictures ready for the model. */
    public BoundedPreparer preparer() {
        return pictures;
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(Offer.of("inspector", PictureInspector.class, this::inspector));
    }

    @Override
    public List<Probe> probes() {
        return List.of(Probe.mendedByRestart("decoder-threads", this::checkThreads));
    }

    @Override
    public void close() {
        if (decoding != null) {
            decoding.close();
            searches.close();
            pictures.close();
        }
    }
}
