package dev.vitrine.settings;

import dev.vitrine.text.Suggestion;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Where settings come from: the environment first, then {@code config/application.properties} beside the launcher, where
 * {@code VITRINE_HTTP_PORT} is {@code vitrine.http-port}.
 *
 * @param home the folder of the installation, which relative paths start from
 * @param environment the process's environment
 * @param file the properties of the file
 */
public record SettingSource(Path home, Map<String, String> environment, Properties file) {
    private static final String PREFIX = "VITRINE_";
    private static final String FILE_PREFIX = "vitrine.";

    /** What tests set for themselves. */
    private static final String TESTS = "VITRINE_TEST_";

    /** The properties of a file; none where it is missing. */
    public static Properties readFile(Path file) {
        Properties properties = new Properties();
        if (Files.isRegularFile(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new InvalidSettingException(file + " cannot be read: " + e.getMessage());
            }
        }
        return properties;
    }

    /** What is set under a name, without spaces at its ends; empty where it is not set, or blank. */
    public Optional<String> find(String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            value = file.getProperty(inFile(name));
        }
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /**
     * A sentence for each name that looks like a setting and is none: variables that begin with {@code VITRINE_}, and
     * properties that differ from a setting's only a little. Other properties are a site's own, for its routes.
     *
     * @param known the names of all settings
     */
    public List<String> unknown(Collection<String> known) {
        List<String> sentences = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !name.startsWith(TESTS) && !known.contains(name)) {
                String suggestion = Suggestion.of(name, known);
                sentences.add(
                        "There is no setting " + name + (suggestion.isEmpty() ? "; it has no effect" : suggestion));
            }
        }
        List<String> properties = known.stream().map(SettingSource::inFile).toList();
        for (String name : new TreeSet<>(file.stringPropertyNames())) {
            if (name.startsWith(FILE_PREFIX) && !properties.contains(name)) {
                Suggestion.nearest(name, properties)
                        .ifPresent(near -> sentences.add("There is no setting " + name
                                + " in config/application.properties; did you mean \"" + near + "\"?"));
            }
        }
        return sentences;
    }

    /** The name of a setting in the file. */
    static String inFile(String name) {
        return FILE_PREFIX
                + name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
