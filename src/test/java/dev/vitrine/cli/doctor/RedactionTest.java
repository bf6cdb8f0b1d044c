package dev.vitrine.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.Settings;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String SECRET = "hunter-2-x";

    private static Redaction redaction(Map<String, String> environment, Map<String, String> file) {
        Properties properties = new Properties();
        properties.putAll(file);
        return new Redaction(new SettingSource(Path.of("."), environment, properties), Settings.ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:hunter-2-x@redis:6379",
                "redis://vitrine:hunter-2-x@redis:6379/2",
                "jdbc:postgresql://db:5432/shop?user=vitrine&password=hunter-2-x&ssl=true",
                "https://hooks.example/in?token=hunter-2-x",
                "sftp:host/in?username=u&password=RAW(hunter-2-x)",
                "-Djavax.net.ssl.trustStorePassword=hunter-2-x -Xmx2g",
                "Authorization: Bearer hunter-2-x",
                "whsec_hunter-2-x",
                "-----BEGIN PRIVATE KEY-----\nhunter-2-x\n-----END PRIVATE KEY-----"
            })
    void takesAwayWhatLooksLikeASecret(String text) {
        assertThat(redaction(Map.of(), Map.of()).of(text))
                .doesNotContain(SECRET)
                .contains("(redacted)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"VITRINE_API_KEY", "VITRINE_QDRANT_API_KEY", "VITRINE_CALLBACK_SECRETS", "AWS_SECRET_ACCESS_KEY"
            })
    void knowsTheSecretsOfTheEnvironmentWhereverTheyStand(String name) {
        Redaction redaction = redaction(Map.of(name, "a b\"" + SECRET + "/ü"), Map.of());
        assertThat(redaction.of("it said a b\"" + SECRET + "/ü, or a+b%22" + SECRET + "%2F%C3%BC, or \"a b\\\"" + SECRET
                        + "/ü\""))
                .doesNotContain(SECRET);
    }

    @Test
    void knowsPasswordsOfUrlsAlsoDecoded() {
        Redaction redaction = redaction(
                Map.of("VITRINE_REDIS_URL", "redis://u:p%40ss%2Fword@redis:6379"),
                Map.of("vitrine.history-url", "jdbc:postgresql://db/x?user=u&password=" + SECRET));
        assertThat(redaction.of("p@ss/word p%40ss%2Fword " + SECRET)).isEqualTo("(redacted) (redacted) (redacted)");
    }

    @Test
    void knowsWhatASiteSetsForItsRoutes() {
        assertThat(redaction(Map.of(), Map.of("erp.login", SECRET)).of("asked with " + SECRET))
                .isEqualTo("asked with (redacted)");
    }

    @Test
    void leavesTheRestAsItIs() {
        Redaction redaction = redaction(Map.of("VITRINE_LOG_LEVEL", "debug"), Map.of("camel.main.x", "true"));
        List.of("VITRINE_LOG_LEVEL=debug", "true and 100ms", "http://qdrant:6334", "a=b&size=3")
                .forEach(text -> assertThat(redaction.of(text)).isEqualTo(text));
    }

    @Test
    void everySettingThatSoundsLikeASecretIsMarkedAsOne() {
        assertThat(Settings.ALL)
                .filteredOn(setting -> setting.name().matches(".*(_KEY|SECRET|PASSWORD|TOKEN).*"))
                .filteredOn(setting -> !setting.isSecret())
                .extracting(Setting::name)
                .as("files and names of these are no secrets")
                .containsExactlyInAnyOrder("VITRINE_TLS_KEY", "VITRINE_REDIS_KEY", "VITRINE_KEYS_FILE");
    }
}
