package dev.vitrine.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.clip.FileHashes;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A file for whoever is asked for help: what the doctor saw, the settings, what the service says of itself, which files
 * there are. No secret, no picture and no product is in it: route files and properties of a site's own are named only,
 * and every text goes through a {@link Redaction}.
 */
public final class SupportBundle {
    private static final List<String> ANSWERS = List.of("/observe/health", "/stats", "/routes");

    private final SettingSource source;
    private final Collection<Setting<?>> settings;
    private final Path dataDir;
    private final RunningService service;
    private final Redaction redaction;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param settings every setting that there is
     * @param dataDir of the installation
     */
    public SupportBundle(SettingSource source, Collection<Setting<?>> settings, Path dataDir, RunningService service) {
        this.source = source;
        this.settings = settings;
        this.dataDir = dataDir;
        this.service = service;
        this.redaction = new Redaction(source, settings);
    }

    /**
     * Writes the bundle, for its owner alone where the file system knows owners.
     *
     * @param version of this program
     * @throws IOException where the file cannot be written; then none is left behind
     */
    public void write(Path file, String version, List<Diagnosis> diagnoses) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(folder, ".bundle-", ".tmp");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
            for (Map.Entry<String, String> text : texts(version, diagnoses).entrySet()) {
                zip.putNextEntry(new ZipEntry("vitrine-support/" + text.getKey()));
                zip.write(redaction.of(text.getValue()).getBytes(StandardCharsets.UTF_8));
            }
            zip.finish();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Map<String, String> texts(String version, List<Diagnosis> diagnoses) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("doctor.json", pretty(diagnoses));
        texts.put("machine.txt", machine(version));
        texts.put("settings.txt", settings());
        texts.put("installation.txt", sums());
        texts.put("data.txt", data());
        for (String path : ANSWERS) {
            Optional<JsonNode> answer = service.ask(path);
            if (answer.isPresent()) {
                texts.put("service" + path.substring(path.lastIndexOf('/')) + ".json", pretty(answer.get()));
            }
        }
        return texts;
    }

    private static String machine(String version) {
        Map<String, String> told = new TreeMap<>();
        told.put("vitrine", version);
        for (String name : List.of("java.vm.name", "java.runtime.version", "os.name", "os.version", "os.arch")) {
            told.put(name, System.getProperty(name));
        }
        told.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        told.put("heap at most, MB", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        StringBuilder text = new StringBuilder();
        told.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private String settings() {
        StringBuilder text = new StringBuilder("What differs from the defaults; values of secrets are left out.\n");
        for (Setting<?> setting : settings) {
            source.find(setting.name()).ifPresent(value -> text.append(setting.name())
                    .append('=')
                    .append(setting.isSecret() ? Redaction.GONE : value)
                    .append('\n'));
        }
        text.append("\nProperties of the site's own, without their values:\n");
        for (String name : new TreeSet<>(source.file().stringPropertyNames())) {
            if (!name.startsWith("vitrine.")) {
                text.append(name).append('\n');
            }
        }
        return text.toString();
    }

    /** Which routes, Kamelets and jars run here, by their sums. */
    private String sums() throws IOException {
        StringBuilder text = new StringBuilder("SHA-256, bytes, file\n");
        for (String folder : List.of("routes", "kamelets", "components", "target/vitrine")) {
            for (Path file : files(source.home().resolve(folder))) {
                text.append(FileHashes.compute(file))
                        .append("  ")
                        .append(Files.size(file))
                        .append("  ")
                        .append(source.home().relativize(file))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** How much there is in each folder; names of files may name products. */
    private String data() {
        StringBuilder text = new StringBuilder("folder, files, bytes\n");
        if (!Files.isDirectory(dataDir)) {
            return text.toString();
        }
        try (Stream<Path> folders = Files.list(dataDir)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                List<Path> files = files(folder);
                text.append(folder.getFileName())
                        .append("  ")
                        .append(files.size())
                        .append("  ")
                        .append(files.stream()
                                .mapToLong(file -> file.toFile().length())
                                .sum())
                        .append('\n');
            }
        } catch (IOException | UncheckedIOException e) {
            text.append(e.getMessage()).append('\n');
        }
        return text.toString();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String pretty(Object value) throws JsonProcessingException {
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    }
}
