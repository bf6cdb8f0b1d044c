package dev.vitrine.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/**
 * Hosts on a network of their own, made with Linux's network namespaces: a switch that is a namespace with a bridge, and a
 * namespace for each host with a cable to it. Their addresses are known inside these namespaces alone; this JVM reaches
 * them through {@link Doors}. What a run that was killed has left is removed by the next one.
 */
final class Network implements AutoCloseable {
    private static final String PREFIX = "vitrine-test-";

    private final String run = PREFIX + ProcessHandle.current().pid() + "-";
    private final String hub = run + "switch";
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Doors doors;

    private Network() {
        sweep();
        try {
            ip("netns", "add", hub);
            ip("-n", hub, "link", "add", "bridge", "type", "bridge");
            ip("-n", hub, "link", "set", "bridge", "up");
            doors = new Doors(host("client"));
        } catch (RuntimeException e) {
            sweep(run);
            throw e;
        }
    }

    /**
     * Makes a network with a host {@code client}, from which the test calls the others.
     *
     * @throws TestAbortedException where there is no {@code ip} or the test is not root, after a notice in the build's
     *     output
     */
    static Network open() {
        String missing = missing();
        if (missing == null) {
            return new Network();
        }
        String notice = "Tests with hosts of their own are skipped: " + missing;
        System.out.println("[WARNING] " + notice);
        throw new TestAbortedException(notice);
    }

    /** The host of that name, made when it is first asked for. */
    synchronized Host host(String name) {
        return hosts.computeIfAbsent(name, this::plug);
    }

    /** Doors from this JVM to the hosts. */
    Doors doors() {
        return doors;
    }

    /** Ends every process on the hosts and removes them. */
    @Override
    public synchronized void close() {
        try {
            doors.close();
        } finally {
            sweep(run);
        }
    }

    /** Namespaces of this run that are there. */
    List<String> left() {
        return namespaces().stream().filter(name -> name.startsWith(run)).toList();
    }

    private Host plug(String name) {
        int number = hosts.size() + 1;
        String namespace = run + name;
        String plug = "port" + number;
        String address = "10.77.0." + number;
        ip("netns", "add", namespace);
        ip("-n", namespace, "link", "add", "eth0", "type", "veth", "peer", "name", plug, "netns", hub);
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", hub, "link", "set", plug, "master", "bridge");
        ip("-n", hub, "link", "set", plug, "up");
        return new Host(this, name, namespace, address, new Cable(hub, plug, namespace));
    }

    private static String missing() {
        try {
            if (!System.getProperty("os.name").equals("Linux")
                    || !"0".equals(run(List.of("id", "-u")).strip())) {
                return "network namespaces need Linux and root";
            }
            ip("netns", "list");
            return null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    /** Removes what runs have left whose process has ended. */
    static void sweep() {
        for (String name : namespaces()) {
            String owner = name.substring(PREFIX.length()).replaceFirst("-.*", "");
            if (owner.matches("\\d{1,18}")
                    && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                remove(name);
            }
        }
    }

    private static void sweep(String run) {
        namespaces().stream().filter(name -> name.startsWith(run)).forEach(Network::remove);
    }

    private static List<String> namespaces() {
        return ip("netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .filter(name -> name.startsWith(PREFIX))
                .toList();
    }

    /** The processes in the namespace are the test's, as nobody else knows it. */
    private static void remove(String namespace) {
        for (String pid : ip("netns", "pids", namespace).lines().toList()) {
            ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
        ip("netns", "del", namespace);
    }

    private static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /**
     * What a command writes.
     *
     * @throws IllegalStateException where it is not there, fails or takes longer than ten seconds
     */
    static String run(List<String> command) {
        String line = command.stream().collect(Collectors.joining(" ", "\"", "\""));
        try {
            Path output = Files.createTempFile("vitrine-command", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean ended = process.waitFor(10, TimeUnit.SECONDS);
                String written = Files.readString(output);
                if (!ended || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new IllegalStateException(line + " failed: " + written.strip());
                }
                return written;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            if (e.getMessage().contains("Cannot run program")) {
                throw new IllegalStateException("there is no " + command.get(0), e);
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(line + " was interrupted", e);
        }
    }
}
