package dev.vitrine.ops;

import dev.vitrine.index.ProductIndex;
import dev.vitrine.meter.Sample;
import dev.vitrine.meter.Samples;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.SpoolUse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** How much there is in the spool and in the index. */
final class StoreGauges {
    /** Listing a full spool takes a part of a second. */
    private static final Duration SPOOL_FRESH = Duration.ofSeconds(5);

    private static final Duration INDEX_FRESH = Duration.ofSeconds(5);

    private final MeterRegistry meters;
    private final Samples samples;

    StoreGauges(MeterRegistry meters, Samples samples) {
        this.meters = meters;
        this.samples = samples;
    }

    /** @param minFreeBytes what must be free for uploads to be taken */
    void watch(Spool spool, long minFreeBytes) {
        Sample<SpoolUse> use = samples.named("spool", SPOOL_FRESH, spool::use);
        gauge("vitrine.spool.files", use, SpoolUse::files)
                .description("Files in the spool: records, pictures and what is being written")
                .register(meters);
        gauge("vitrine.spool", use, SpoolUse::bytes)
                .description("Size of the files in the spool")
                .baseUnit("bytes")
                .register(meters);
        gauge("vitrine.spool.disk.free", use, SpoolUse::freeBytes)
                .description("Free space on the spool's disk")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("vitrine.spool.disk.least", () -> minFreeBytes)
                .description("Free space below which uploads are refused (VITRINE_MIN_FREE)")
                .baseUnit("bytes")
                .register(meters);
    }

    void watch(ProductIndex index) {
        gauge("vitrine.index.points", samples.named("index", INDEX_FRESH, index::count), Long::doubleValue)
                .description("Pictures in the main collection of the index")
                .register(meters);
    }

    private static <T> Gauge.Builder<Sample<T>> gauge(String name, Sample<T> sample, ToDoubleFunction<T> part) {
        return Gauge.builder(name, sample, value -> value.number(part)).strongReference(true);
    }
}
