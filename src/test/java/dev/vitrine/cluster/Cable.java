package dev.vitrine.cluster;

import java.util.ArrayList;
import java.util.List;

/** What joins a host to its network, and can be pulled out or be slow. */
final class Cable {
    private final String hub;
    private final String plug;
    private final String host;

    /**
     * @param hub namespace of the switch
     * @param plug the cable's end there
     * @param host namespace of the host, whose end is {@code eth0}
     */
    Cable(String hub, String plug, String host) {
        this.hub = hub;
        this.plug = plug;
        this.host = host;
    }

    /** Nothing passes in either direction; who sends is not told. */
    void cut() {
        Network.run(List.of("ip", "-n", hub, "link", "set", plug, "down"));
    }

    /**
     * Every packet is late. Where the kernel has no network emulator, which the smallest have not, packets wait for their
     * turn on a link of 300 kbit a second.
     */
    void slow() {
        try {
            both("replace", "netem", "delay", "60ms", "20ms", "loss", "1%");
        } catch (IllegalStateException e) {
            both("replace", "tbf", "rate", "300kbit", "burst", "3000", "latency", "2s");
        }
    }

    /** All is as it was at first. */
    void mend() {
        Network.run(List.of("ip", "-n", hub, "link", "set", plug, "up"));
        try {
            both("del");
        } catch (IllegalStateException e) {
            // it was not slow
        }
    }

    private void both(String action, String... discipline) {
        tc(hub, plug, action, discipline);
        tc(host, "eth0", action, discipline);
    }

    private static void tc(String namespace, String device, String action, String... discipline) {
        List<String> command = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", action, "dev", device, "root"));
        command.addAll(List.of(discipline));
        Network.run(command);
    }
}
