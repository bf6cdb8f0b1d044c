package dev.vitrine.meter;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values of a label that others choose: the first ones as they are, all further ones as one. Safe for many threads. */
public final class BoundedNames {
    /** What all further ones are called. */
    public static final String OTHER = "other";

    private final int most;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** @param most how many names are kept apart */
    public BoundedNames(int most) {
        this.most = most;
    }

    /** The label's value for a name. */
    public String of(String name) {
        if (names.contains(name)) {
            return name;
        }
        synchronized (names) {
            return names.size() < most && names.add(name) ? name : OTHER;
        }
    }
}
