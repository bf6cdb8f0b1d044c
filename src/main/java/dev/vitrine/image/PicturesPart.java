package dev.vitrine.image;

import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.watchdog.Watchdog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Checking, decoding and preprocessing pictures. */
public final class PicturesPart implements Part {
    private final PictureSettings settings;
    private final Supplier<Preprocessing> preprocessing;
    private final MeterRegistry meters;
    private final PictureInspector inspector;
    private Watchdog decoding;
    private PicturePreparer preparer;

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

    @Override
    public void open() {
        decoding = new Watchdog("decoder", settings.decodeDeadline(), Watchdog.mostStuckHere());
        preparer = new PicturePreparer(
                preprocessing.get(),
                settings.maxPixels(),
                PicturePreparer.pixelsThatFit(),
                settings.applyExif(),
                settings.reduceLargeJpegs(),
                Optional.of(decoding));
        Gauge.builder("vitrine.stuck", decoding, Watchdog::stuck)
                .description("threads that do not end, each on a picture that was given up")
                .tag("part", "decoder")
                .register(meters);
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("inspector", PictureInspector.class, this::inspector),
                Offer.of("pictures", PicturePreparer.class, () -> preparer));
    }

    @Override
    public List<Probe> probes() {
        return List.of(Probe.mendedByRestart("decoder-threads", decoding::check));
    }

    @Override
    public void close() {
        if (decoding != null) {
            decoding.close();
        }
    }
}
