package dev.vitrine.queue;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How a worker is called that was given no name. */
final class WorkerId {

    private WorkerId() {}

    /** Host name and process id, as in {@code shop-7:4711}. */
    static String ofThisProcess() {
        long process = ProcessHandle.current().pid();
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + process;
        } catch (UnknownHostException e) {
            // A machine whose own name does not resolve; the process id still tells its workers apart.
            return "localhost:" + process;
        }
    }
}
