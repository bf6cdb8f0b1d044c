package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.Settings;
import dev.vitrine.settings.Setting;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service understands what the pods set. */
class PodSettingsTest {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

    /** What an operator would put into the Secret. */
    private static final Map<String, String> SECRET = Map.of(
            "redis-password", "s3cret",
            "api-key", "0123456789abcdef0123",
            "qdrant-api-key", "another",
            "history-url", "jdbc:postgresql://postgres:5432/vitrine?user=vitrine&password=x",
            "aws-access-key-id", "AKIA",
            "aws-secret-access-key", "x");

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void everyNameIsASettingAndEveryValueIsUnderstood(String role) throws IOException {
        Settings settings = settings(Manifests.files(Manifests.BASE), map(Manifests.BASE), role);

        assertThat(settings.redis().url()).isEqualTo("redis://default:s3cret@redis:6379");
        assertThat(settings.index().url()).isEqualTo("http://qdrant:6334");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void soIsWhatTheExampleChanges(String role) throws Exception {
        Optional<Manifests> made = Manifests.kustomized(Manifests.PRODUCTION);
        assumeTrue(made.isPresent(), "no kubectl");
        Map<String, String> map = new HashMap<>();
        ((Map<?, ?>) made.get().of("ConfigMap").get(0).get("data"))
                .forEach((name, value) -> map.put(name.toString(), value.toString()));

        Settings settings = settings(made.get(), map, role);

        assertThat(settings.redis().url())
                .as("the password is known before the URL that names it")
                .startsWith("redis+sentinel://default:s3cret@")
                .endsWith("/vitrine");
        assertThat(settings.index().url().split(",")).hasSize(3);
        assertThat(settings.spool().bucket()).isPresent();
    }

    @Test
    void secretsComeFromTheSecretAlone() throws IOException {
        List<String> secret = Settings.ALL.stream()
                .filter(Setting::isSecret)
                .map(Setting::name)
                .toList();
        assertThat(map(Manifests.BASE).keySet()).doesNotContainAnyElementsOf(secret);
        assertThat(map(Manifests.PRODUCTION).keySet()).doesNotContainAnyElementsOf(secret);
    }

    private Settings settings(Manifests manifests, Map<String, String> map, String role) {
        Object container =
                at(manifests.get("Deployment", "vitrine-" + role), "spec", "template", "spec", "containers", 0);

        Settings settings = Settings.load(home, environment(container, map));

        assertThat(settings.unknown()).isEmpty();
        assertThat(list(container, "args").toString()).isEqualTo("[start, --role, " + role + "]");
        assertThat(settings.http().port()).isEqualTo(at(container, "ports", 0, "containerPort"));
        assertThat(list(container, "volumeMounts").stream().map(mount -> at(mount, "mountPath")))
                .contains(
                        settings.dataDir().toString(), settings.intake().inbox().toString());
        return settings;
    }

    private static Map<String, String> map(Path folder) throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(folder.resolve("settings.env"))) {
            properties.load(file);
        }
        Map<String, String> map = new HashMap<>();
        properties.forEach((name, value) -> map.put(name.toString(), value.toString()));
        return map;
    }

    /** As the kubelet makes it: the map's entries, then variables one after the other, which may name earlier ones. */
    private static Map<String, String> environment(Object container, Map<String, String> map) {
        Map<String, String> environment = new HashMap<>(map);
        for (Object variable : list(container, "env")) {
            Object key = at(variable, "valueFrom", "secretKeyRef", "key");
            String value = key == null
                    ? REFERENCE
                            .matcher(at(variable, "value").toString())
                            .replaceAll(name ->
                                    Matcher.quoteReplacement(environment.getOrDefault(name.group(1), name.group())))
                    : SECRET.get(key.toString());
            assertThat(value).as("%s", variable).isNotNull();
            environment.put(at(variable, "name").toString(), value);
        }
        return environment;
    }
}
