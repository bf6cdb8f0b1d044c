package dev.vitrine.reload;

import java.time.Duration;

/** Where requests come in; it can be held shut while the routes behind it are exchanged. */
public interface Entrance {

    /**
     * Lets nobody in any more and waits until nobody is inside; who comes meanwhile waits.
     *
     * @return false when somebody is still inside after that time; the entrance is open again then
     */
    boolean hold(Duration patience) throws InterruptedException;

    /** Lets everybody in. */
    void open();
}
