package dev.vitrine.cluster;

import dev.vitrine.testing.Place;
import java.util.ArrayList;
import java.util.List;

/** A machine of its own on a {@link Network}, but for its disk and its processors. */
final class Host implements Place {
    private final Network network;
    private final String name;
    private final String namespace;
    private final String address;
    private final Cable cable;

    Host(Network network, String name, String namespace, String address, Cable cable) {
        this.network = network;
        this.name = name;
        this.namespace = namespace;
        this.address = address;
        this.cable = cable;
    }

    String name() {
        return name;
    }

    Cable cable() {
        return cable;
    }

    @Override
    public List<String> command(List<String> command) {
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        there.addAll(command);
        return there;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public int door(int port) {
        return network.doors().to(List.of(address + ":" + port));
    }
}
