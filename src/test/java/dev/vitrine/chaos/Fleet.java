package dev.vitrine.chaos;

import dev.vitrine.testing.Place;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Processes of one installation that share a data folder, and an init system that starts one again when it has ended. Its
 * routes differ from the product's in times alone: a short lease, and upkeep every two seconds.
 */
public final class Fleet implements AutoCloseable {
    /** The lease of these routes. */
    public static final int LEASE_MS = 4_000;

    private final Path folder;
    private final Path home;
    private final Map<String, String> environment;
    private final Map<String, ServiceProcess> processes = new LinkedHashMap<>();
    private final ScheduledExecutorService init = Executors.newSingleThreadScheduledExecutor();

    public Fleet(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.home = folder.resolve("home");
        this.environment = Map.copyOf(environment);
        copyRoutes();
        init.scheduleWithFixedDelay(this::restartTheDead, 500, 500, TimeUnit.MILLISECONDS);
    }

    /** Adds a process and starts it. */
    public ServiceProcess add(String name, String... arguments) {
        return add(name, Place.HERE, Map.of(), arguments);
    }

    /**
     * Adds a process at a place of its own and starts it.
     *
     * @param own what only its environment has
     */
    public ServiceProcess add(String name, Place place, Map<String, String> own, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("VITRINE_WORKER_ID", name);
        all.putAll(own);
        ServiceProcess process = new ServiceProcess(
                home, RunningVitrine.environment(data(), all), folder.resolve(name + ".log"), place, arguments);
        process.launch();
        synchronized (processes) {
            processes.put(name, process);
        }
        return process;
    }

    /** Kills a process for good. */
    public void remove(String name) {
        ServiceProcess process;
        synchronized (processes) {
            process = processes.remove(name);
        }
        process.kill();
    }

    public ServiceProcess get(String name) {
        synchronized (processes) {
            return processes.get(name);
        }
    }

    public List<String> names() {
        synchronized (processes) {
            return List.copyOf(processes.keySet());
        }
    }

    /** Waits until all processes take requests, however often they have to be started for that. */
    public void awaitReady() {
        names().forEach(this::awaitReady);
    }

    public void awaitReady(String name) {
        Awaitility.await(name + " ready")
                .atMost(Duration.ofSeconds(60))
                .until(() -> get(name).isAlive() && get(name).isReady());
    }

    /** Has what crashes left behind be removed at another age than the product's; before a process is added. */
    public Fleet sweepingAfter(Duration age) {
        Path upkeep = routes().resolve("upkeep.camel.yaml");
        try {
            Files.writeString(upkeep, replace(Files.readString(upkeep), "sweep('PT15M')", "sweep('" + age + "')"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The data folder, which all of them share. */
    public Path data() {
        return folder.resolve("data");
    }

    /** The routes in use, to be changed before a process is added. */
    public Path routes() {
        return home.resolve("routes");
    }

    @Override
    public void close() {
        stopInit();
        names().forEach(name -> {
            ServiceProcess process = get(name);
            if (process.isAlive()) {
                process.resume();
                process.kill();
            }
            process.close();
        });
    }

    /** Starts no process any more from here on. */
    private void stopInit() {
        init.shutdownNow();
        try {
            init.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restartTheDead() {
        for (String name : names()) {
            ServiceProcess process = get(name);
            if (process != null && !process.isAlive() && !init.isShutdown()) {
                process.launch();
            }
        }
    }

    private void copyRoutes() {
        try {
            Files.createDirectories(data());
            ShippedFiles.copy(home);
            for (Path file : ShippedFiles.in("routes")) {
                String name = file.getFileName().toString();
                Files.writeString(routes().resolve(name), shorten(name, Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shorten(String name, String yaml) {
        return switch (name) {
            case "index.camel.yaml" ->
                replace(
                        yaml,
                        "concurrentConsumers: \"{{vitrine.queue.consumers}}\"",
                        "concurrentConsumers: \"8\"\n        lease: \"" + LEASE_MS + "\"");
            case "upkeep.camel.yaml" ->
                replace(
                        replace(yaml, "\"{{vitrine.upkeep.period}}\"", "\"2000\""),
                        "forget('PT15M')",
                        "forget('PT1M')");
            default -> yaml;
        };
    }

    static String replace(String text, String from, String to) {
        if (!text.contains(from)) {
            throw new IllegalStateException("The routes have changed: there is no " + from);
        }
        return text.replace(from, to);
    }
}
