package dev.vitrine.testing;

import java.util.List;

/** Where a process of a test runs, and how its ports are reached: on this machine, or on a host that the test made. */
public interface Place {
    /** This machine; its servers listen on the loopback address. */
    Place HERE = new Place() {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }

        @Override
        public int door(int port) {
            return port;
        }
    };

    /** The command that runs the given one there; the process that is started becomes that program itself. */
    List<String> command(List<String> command);

    /** The address that servers there listen on, and under which processes of the same test call them. */
    String address();

    /**
     * The port of 127.0.0.1 at which the test's own JVM reaches a port of that place.
     *
     * @param port need not be listened on yet
     */
    int door(int port);
}
