package dev.vitrine.index;

import java.util.Map;
import java.util.Optional;

/** How an index remembers the vector space that filled it: three strings, and the refusal of another space. */
final class SpaceMemory {

    private static final String MODEL = "vitrine_model";
    private static final String FINGERPRINT = "vitrine_fingerprint";
    private static final String DIMENSIONS = "vitrine_dimensions";

    private SpaceMemory() {}

    static Map<String, String> write(VectorSpace space) {
        return Map.of(
                MODEL, space.model(),
                FINGERPRINT, space.fingerprint(),
                DIMENSIONS, Integer.toString(space.dimensions()));
    }

    /** The space that was remembered, empty where none was. */
    static Optional<VectorSpace> read(Map<String, String> memory) {
        String fingerprint = memory.get(FINGERPRINT);
        String dimensions = memory.get(DIMENSIONS);
        if (fingerprint == null || dimensions == null || !dimensions.matches("[0-9]{1,6}")) {
            return Optional.empty();
        }
        return Optional.of(new VectorSpace(
                memory.getOrDefault(MODEL, "an unnamed model"), fingerprint, Integer.parseInt(dimensions)));
    }

    /**
     * Returns if vectors of the two spaces may meet.
     *
     * @param wayOut what the operator can do, a sentence
     */
    static void compare(String place, VectorSpace there, VectorSpace here, String wayOut) {
        if (!there.fingerprint().equals(here.fingerprint()) || there.dimensions() != here.dimensions()) {
            throw new VectorSpaceMismatchException(place + " was filled by " + named(there) + ", but the model here is "
                    + named(here) + "; their vectors cannot be compared. " + wayOut);
        }
    }

    static String named(VectorSpace space) {
        String fingerprint = space.fingerprint();
        return "%s (%d dimensions, fingerprint %s)"
                .formatted(
                        space.model(),
                        space.dimensions(),
                        fingerprint.length() > 12 ? fingerprint.substring(0, 12) : fingerprint);
    }
}
