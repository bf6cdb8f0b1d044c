package dev.vitrine.examples;

import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An installation as an engineer makes it by the docs: the project's routes, examples copied beside them, and properties
 * in {@code config/application.properties}.
 */
final class Site {
    private final Path home;
    private final StringBuilder properties = new StringBuilder();
    private final Map<String, String> environment = new HashMap<>();

    /** @param folder an empty folder */
    Site(Path folder) {
        this.home = folder.resolve("home");
        try {
            ShippedFiles.copy(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a file of {@code routes/examples} to {@code routes}. */
    Site example(String name) {
        try {
            Files.copy(
                    RunningVitrine.HOME.resolve("routes/examples/" + name + ".camel.yaml"),
                    home.resolve("routes").resolve(name + ".camel.yaml"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes a route file. */
    Site edit(String name, String from, String to) {
        Path file = home.resolve("routes").resolve(name + ".camel.yaml");
        try {
            String text = Files.readString(file);
            if (!text.contains(from)) {
                throw new IllegalArgumentException(file + " has no " + from);
            }
            Files.writeString(file, text.replace(from, to));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a property of the configuration file. */
    Site property(String name, Object value) {
        properties.append(name).append('=').append(value).append('\n');
        return this;
    }

    /** Sets a variable of the environment. */
    Site environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    RunningVitrine start() {
        try {
            Files.createDirectories(home.resolve("config"));
            Files.writeString(home.resolve("config/application.properties"), properties);
            return RunningVitrine.start(home, home.resolve("data"), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jobs that the service knows: product id and status, sorted. */
    static List<String> jobs(RunningVitrine service) {
        return Stream.of(service.api().get("/jobs?limit=1000").body().path("jobs"))
                .flatMap(jobs -> {
                    Stream.Builder<String> lines = Stream.builder();
                    jobs.forEach(job -> lines.add(job.path("product_id").asText() + " "
                            + job.path("status").asText()));
                    return lines.build();
                })
                .sorted()
                .toList();
    }
}
