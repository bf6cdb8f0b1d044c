package dev.vitrine.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Processor time of one thing that the service does, beside that of a known piece of work on the same machine in the same
 * seconds. The ratio tells of the service; the time tells of the machine too.
 *
 * @param what names it, the same in every release
 * @param millis median of the turns
 * @param unit what it is compared with: {@code loop}, a picture in the bare loop, or {@code prepare}, decoding and
 *     preparing it
 * @param ratios to the unit, one a turn
 */
record Cost(
        @JsonProperty("what") String what,
        @JsonProperty("ms") double millis,
        @JsonProperty("unit") String unit,
        @JsonProperty("ratios") List<Double> ratios) {

    /** The middle ratio. */
    @JsonIgnore
    double ratio() {
        return Figures.median(ratios);
    }

    /** Half of how far the turns are apart, by the median: what this run itself cannot tell from a change. */
    @JsonIgnore
    double noise() {
        return Figures.spread(ratios) / 2;
    }

    /** Whether it is a whole, which stands for itself, and not one of the parts of the whole before it. */
    @JsonIgnore
    boolean isWhole() {
        return !what.startsWith(" ");
    }
}
