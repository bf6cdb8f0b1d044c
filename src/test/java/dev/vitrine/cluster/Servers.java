package dev.vitrine.cluster;

import java.util.List;
import java.util.Map;

/** The servers that an installation stands on, each on a host of its own. */
interface Servers extends AutoCloseable {

    /** How the service finds them, and what else it is told of them. */
    Map<String, String> environment();

    /** Those that may be broken now; where one of a kind is more than the others, such as a master, that one alone. */
    List<Machine> machines();

    /** Waits until what was broken last is as good as before. */
    void awaitWhole();

    /** How many points a collection has. */
    long points(String collection);

    /** What the spool owes. */
    List<?> owed();

    /** Waits until nothing of uploads is in the spool any more, owed or left behind. */
    void assertSwept(long seed);

    /** Ends them and removes what they stored. */
    @Override
    void close();
}
