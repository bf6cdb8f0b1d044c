package dev.vitrine.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The objects that are applied to a cluster. */
public record Manifests(List<Map<?, ?>> objects) {
    public static final Path FOLDER = Path.of("deploy/kubernetes");
    public static final Path BASE = FOLDER.resolve("base");
    public static final Path PRODUCTION = FOLDER.resolve("production");

    /** What the files of a folder say, without what kustomize makes of them. */
    public static Manifests files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Map<?, ?>> objects = new ArrayList<>();
            for (Path file : files.filter(Manifests::isObject).sorted().toList()) {
                objects.addAll(parse(Files.readString(file)));
            }
            return new Manifests(objects);
        }
    }

    /** What {@code kubectl kustomize} makes of a folder; empty where there is no kubectl. */
    public static Optional<Manifests> kustomized(Path folder) throws IOException, InterruptedException {
        if (Stream.of(System.getenv("PATH").split(":")).noneMatch(bin -> Files.isExecutable(Path.of(bin, "kubectl")))) {
            return Optional.empty();
        }
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String yaml = new String(kubectl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (kubectl.waitFor() != 0) {
            throw new IOException("kubectl kustomize " + folder + " failed; its message is above");
        }
        return Optional.of(new Manifests(parse(yaml)));
    }

    /** Those of a kind, in their order. */
    public List<Map<?, ?>> of(String kind) {
        return objects.stream().filter(one -> kind.equals(one.get("kind"))).toList();
    }

    /** The one of a kind with a name. */
    public Map<?, ?> get(String kind, String name) {
        return of(kind).stream()
                .filter(one -> name.equals(at(one, "metadata", "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + kind + " " + name));
    }

    /** What lies at a path below an object: names of fields, and numbers of entries. */
    public static Object at(Object object, Object... path) {
        Object here = object;
        for (Object step : path) {
            here = step instanceof Integer entry ? ((List<?>) here).get(entry) : ((Map<?, ?>) here).get(step);
            if (here == null) {
                return null;
            }
        }
        return here;
    }

    /** A list at a path, empty where there is none. */
    public static List<?> list(Object object, Object... path) {
        Object found = at(object, path);
        return found == null ? List.of() : (List<?>) found;
    }

    private static boolean isObject(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") && !name.equals("kustomization.yaml") && !name.endsWith("patch.yaml");
    }

    private static List<Map<?, ?>> parse(String yaml) {
        List<Map<?, ?>> objects = new ArrayList<>();
        try {
            for (Object one : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
                objects.add((Map<?, ?>) one);
            }
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException("Not YAML: " + e.getMessage(), e));
        }
        return objects;
    }
}
