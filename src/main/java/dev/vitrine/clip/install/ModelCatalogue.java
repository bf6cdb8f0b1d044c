package dev.vitrine.clip.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The models that can be installed, as {@code models/catalogue.yaml} lists them.
 *
 * @param models in the order of the file
 */
public record ModelCatalogue(List<CatalogueModel> models) {

    private static final Set<String> MODEL_KEYS = Set.of("title", "repository", "revision", "licence", "files");
    private static final Set<String> FILE_KEYS = Set.of("file", "save_as", "bytes", "sha256");

    /**
     * Reads a catalogue.
     *
     * @throws InstallException naming what is wrong in the file
     */
    public static ModelCatalogue read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Object document =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromInputStream(in);
            List<CatalogueModel> models = new ArrayList<>();
            for (Map.Entry<?, ?> entry :
                    map(map(document, "the file").get("models"), "models").entrySet()) {
                models.add(model(text(entry.getKey(), "a model's name"), entry.getValue()));
            }
            return new ModelCatalogue(List.copyOf(models));
        } catch (IOException e) {
            throw new InstallException("Cannot read the catalogue of models, " + file, e);
        } catch (YamlEngineException e) {
            throw new InstallException(file + " is not YAML: " + e.getMessage().replaceAll("\\s+", " "), e);
        } catch (IllegalArgumentException e) {
            throw new InstallException(file + ": " + e.getMessage(), e);
        }
    }

    /** The model of this name. */
    public Optional<CatalogueModel> find(String name) {
        return models.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    private static CatalogueModel model(String name, Object value) {
        Map<?, ?> fields = map(value, name);
        allow(fields, MODEL_KEYS, name);
        List<CatalogueFile> files = new ArrayList<>();
        if (fields.get("files") instanceof List<?> list) {
            list.forEach(file -> files.add(file(name, file)));
        }
        return new CatalogueModel(
                name,
                optional(fields, "title").orElse(name),
                required(fields, "repository", name),
                required(fields, "revision", name),
                optional(fields, "licence").orElse(""),
                List.copyOf(files));
    }

    private static CatalogueFile file(String model, Object value) {
        Map<?, ?> fields = map(value, "a file of " + model);
        allow(fields, FILE_KEYS, "a file of " + model);
        String file = required(fields, "file", "a file of " + model);
        Object bytes = fields.get("bytes");
        if (bytes != null && !(bytes instanceof Number)) {
            throw new IllegalArgumentException("bytes of " + file + " is not a number: " + bytes);
        }
        return new CatalogueFile(
                file,
                optional(fields, "save_as").orElse(file),
                bytes instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty(),
                optional(fields, "sha256"));
    }

    private static Map<?, ?> map(Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(what + " is not a mapping (key: value)");
    }

    private static void allow(Map<?, ?> fields, Set<String> keys, String where) {
        for (Object key : fields.keySet()) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException(where + " has an unknown key '" + key + "'; known are "
                        + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }

    private static String required(Map<?, ?> fields, String key, String where) {
        return optional(fields, key).orElseThrow(() -> new IllegalArgumentException(where + " has no '" + key + "'"));
    }

    private static Optional<String> optional(Map<?, ?> fields, String key) {
        return Optional.ofNullable(fields.get(key)).map(value -> text(value, key));
    }

    private static String text(Object value, String what) {
        if (value instanceof Map || value instanceof List || value == null) {
            throw new IllegalArgumentException(what + " is not a text");
        }
        return value.toString();
    }
}
