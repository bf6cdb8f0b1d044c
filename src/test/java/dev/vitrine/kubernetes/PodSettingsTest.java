package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.Settings;
import dev.vitrine.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service understands what the pods set. */
class PodSettingsTest {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

    /** What an operator would put into the Secret. */
    private static final Map<String, String> SECRET = Map.of(
            "redis-password", "s3cret",
            "api-key", "0123456789abcdef0123",
            "qdrant-api-key", "another",
            "history-url", "jdbc:postgresql://postgres:5432/vitrine?user=vitrine&password=x");

    @TempDir
    Path home;

    @Test
    void everyNameIsASettingAndEveryValueIsUnderstood() throws IOException {
        Manifests base = Manifests.files(Manifests.BASE);
        for (String role : List.of("api", "worker")) {
            Object container =
                    at(base.get("Deployment", "vitrine-" + role), "spec", "template", "spec", "containers", 0);
            Map<String, String> environment = environment(container, settings(Manifests.BASE));

            Settings settings = Settings.load(home, environment);

            assertThat(settings.unknown()).as(role).isEmpty();
            assertThat(list(container, "args").toString()).isEqualTo("[start, --role, " + role + "]");
            assertThat(settings.redis().url()).isEqualTo("redis://default:s3cret@redis:6379");
            assertThat(settings.index().url()).isEqualTo("http://qdrant:6334");
            assertThat(settings.http().port()).isEqualTo(at(container, "ports", 0, "containerPort"));
            List<Object> mounts = list(container, "volumeMounts").stream()
                    .map(mount -> at(mount, "mountPath"))
                    .toList();
            assertThat(mounts)
                    .contains(
                            settings.dataDir().toString(),
                            settings.intake().inbox().toString());
        }
    }

    @Test
    void secretsComeFromTheSecretAlone() throws IOException {
        List<String> secret = Settings.ALL.stream()
                .filter(Setting::isSecret)
                .map(Setting::name)
                .toList();
        assertThat(settings(Manifests.BASE).keySet()).doesNotContainAnyElementsOf(secret);
    }

    private static Map<String, String> settings(Path folder) throws IOException {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(folder.resolve("settings.env")));
        Map<String, String> settings = new HashMap<>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        return settings;
    }

    /** As the kubelet makes it: the map's entries, then variables one after the other, which may name earlier ones. */
    private static Map<String, String> environment(Object container, Map<String, String> map) {
        Map<String, String> environment = new HashMap<>(map);
        for (Object variable : list(container, "env")) {
            Object key = at(variable, "valueFrom", "secretKeyRef", "key");
            String value = key == null
                    ? REFERENCE
                            .matcher(at(variable, "value").toString())
                            .replaceAll(name -> Matcher.quoteReplacement(environment.get(name.group(1))))
                    : SECRET.get(key.toString());
            assertThat(value).as("%s", variable).isNotNull();
            environment.put(at(variable, "name").toString(), value);
        }
        return environment;
    }
}
