package dev.vitrine.cluster;

import java.util.List;
import java.util.Map;

/** The servers that an installation stands on, each on a host of its own. */
interface Servers extends AutoCloseable {

    /** How the service finds them, and what else it is told of them. */
    Map<String, String> environment();

    /** Those that may be broken now; where one of a kind is more than the others, such as a master, that one alone. */
    List<Machine> machines();

    /** How many points a collection has. */
    long points(String collection);

    /** What of uploads is still kept outside the processes' own folders. */
    List<String> kept();

    /** Ends them and removes what they stored. */
    @Override
    void close();
}
