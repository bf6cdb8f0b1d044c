package dev.vitrine.reindex;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which generations there are; {@code model.json} of the data folder. A state follows from another by one of the methods,
 * which refuse with an {@link IllegalStateException} what is not possible now.
 *
 * @param serving answers; the model is null for what the settings say
 * @param other is filled or kept; null where there is none
 * @param phase of the other; null where there is none
 * @param rollsBack whether the other served before
 * @param allowsMissing whether it may serve without the pictures that are not in the archive
 * @param from where its pictures come from; null for the archive
 * @param retired numbers of generations whose vectors the next start removes
 * @param last the greatest number that was given
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelState(
        @JsonProperty("serving") Named serving,
        @JsonProperty("other") Named other,
        @JsonProperty("phase") Phase phase,
        @JsonProperty("rolls_back") boolean rollsBack,
        @JsonProperty("allows_missing") boolean allowsMissing,
        @JsonProperty("from") From from,
        @JsonProperty("retired") List<Integer> retired,
        @JsonProperty("last") int last) {

    /**
     * A generation by its number, with what made its vectors.
     *
     * @param model name or folder of the model; null, as the fingerprint is then, for what the settings say
     */
    public record Named(
            @JsonProperty("generation") int generation,
            @JsonProperty("model") String model,
            @JsonProperty("fingerprint") String fingerprint,
            @JsonProperty("dimensions") int dimensions) {}

    /** Where pictures come from. */
    public enum From {
        /** They are kept. */
        ARCHIVE,
        /** From where imports had them; those that came since the build began are kept meanwhile. */
        MANIFEST;

        /** As the file and the API have it. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What goes on with the other generation. */
    public enum Phase {
        /** It is filled from the one that serves, which alone takes uploads. */
        FILLING,
        /** Both take uploads while it is looked at whether the other has all. */
        CLOSING,
        /** It serves since a moment ago; the one before may have got uploads of a process that did not know yet. */
        SWITCHED,
        /** The one before is kept for a way back. */
        KEPT;

        /** As the file and the API have it. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of an installation that has never changed its model. */
    public static final ModelState FIRST =
            new ModelState(new Named(1, null, null, 0), null, null, false, false, null, List.of(), 1);

    /** Whether the other generation is to become the one that serves. */
    @JsonIgnore
    public boolean isBuilding() {
        return phase == Phase.FILLING || phase == Phase.CLOSING;
    }

    /** How many its next generation will be. */
    int next() {
        return last + 1;
    }

    /**
     * With a generation that is to be filled.
     *
     * @param now the one that serves, by name
     * @param from where its pictures come from
     */
    ModelState start(Named now, Named next, boolean allowMissing, From from) {
        if (other != null) {
            throw new IllegalStateException(
                    isBuilding()
                            ? "The collection of " + other.model() + " is being built; wait for it, or end it first"
                            : "The collection of " + other.model()
                                    + " is kept for a way back; drop it first, or roll back to it");
        }
        return new ModelState(now, next, Phase.FILLING, false, allowMissing, from, retired, next.generation());
    }

    ModelState rollBack(boolean allowMissing) {
        if (phase != Phase.KEPT) {
            throw new IllegalStateException(
                    other == null
                            ? "There is no earlier collection to go back to"
                            : isBuilding()
                                    ? "The new collection does not serve yet; end its build instead"
                                    : "The switch has just been made; ask again in a few seconds");
        }
        return new ModelState(serving, other, Phase.FILLING, true, allowMissing, from, retired, last);
    }

    ModelState allowing(boolean missing) {
        return new ModelState(serving, other, phase, rollsBack, missing, from, retired, last);
    }

    ModelState in(Phase next) {
        return new ModelState(serving, other, next, rollsBack, allowsMissing, from, retired, last);
    }

    ModelState switched() {
        return new ModelState(other, serving, Phase.SWITCHED, rollsBack, allowsMissing, from, retired, last);
    }

    /** Without the other generation; one that was to be rolled back to is kept. */
    ModelState dropped() {
        if (other == null) {
            throw new IllegalStateException("There is no other collection than the one that serves");
        }
        if (phase == Phase.SWITCHED) {
            throw new IllegalStateException("The switch has just been made; ask again in a few seconds");
        }
        List<Integer> gone = new ArrayList<>(retired);
        gone.add(other.generation());
        return new ModelState(serving, null, null, false, false, null, List.copyOf(gone), last);
    }

    ModelState withoutRetired() {
        return new ModelState(serving, other, phase, rollsBack, allowsMissing, from, List.of(), last);
    }
}
