package dev.vitrine.intake.drop;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Remembers the files that could not be taken through no fault that was seen in them. Mostly the world is at fault, and the
 * next try helps; a file that fails again and again while others are taken is given up. One thread.
 */
final class Troubles {
    private static final int TRIES = 5;

    private static final class Trouble {
        int failures;
        long takenBefore;
        String reason;
    }

    private final Map<FileName, Trouble> troubles = new HashMap<>();
    private long taken;

    void failed(FileName file, String reason) {
        Trouble trouble = troubles.computeIfAbsent(file, name -> new Trouble());
        if (trouble.failures++ == 0) {
            trouble.takenBefore = taken;
        }
        trouble.reason = reason;
    }

    void taken(FileName file) {
        taken++;
        troubles.remove(file);
    }

    boolean has(FileName file) {
        return troubles.containsKey(file);
    }

    /** Why a file is not tried again; empty where it is. */
    Optional<String> givenUp(FileName file) {
        Trouble trouble = troubles.get(file);
        return trouble == null || trouble.failures < TRIES || trouble.takenBefore == taken
                ? Optional.empty()
                : Optional.of("It could not be taken in " + trouble.failures + " tries, while others were: "
                        + trouble.reason);
    }

    /** Forgets files that are not there any more. */
    void keep(Predicate<FileName> present) {
        troubles.keySet().removeIf(present.negate());
    }
}
