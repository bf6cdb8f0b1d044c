package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.vitrine.settings.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the image and the compose file promise, as far as it shows without running them. */
class DeploymentFilesTest {

    private static final Set<String> ROLE = Set.of("VITRINE_ROLE", "VITRINE_WORKER_ID"); // of each container

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static Map<?, ?> compose() throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(read("docker-compose.yml"));
    }

    private static Map<?, ?> map(Object parent, String key) {
        return (Map<?, ?>) ((Map<?, ?>) parent).get(key);
    }

    private static Set<String> known() {
        return Settings.ALL.stream().map(Setting::name).collect(Collectors.toSet());
    }

    @Test
    void handEverySettingToTheContainersAndNoOther() throws IOException {
        Set<String> passed = map(map(compose(), "x-vitrine"), "environment").keySet().stream()
                .map(Object::toString)
                .filter(name -> !name.startsWith("OTEL_"))
                .collect(Collectors.toSet());
        Set<String> expected = new TreeSet<>(known());
        expected.removeAll(ROLE);

        assertThat(passed)
                .as("a new setting belongs into docker-compose.yml, too")
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void nameNoSettingThatDoesNotExist() throws IOException {
        for (String file : List.of("docker-compose.yml", "Dockerfile", "docs/operations.md", "vitrine")) {
            Matcher names = Pattern.compile("VITRINE_[A-Z_]*[A-Z]").matcher(read(file));
            while (names.find()) {
                assertThat(known()).as(file).contains(names.group());
            }
        }
    }

    @Test
    void agreeOnTheVersion() throws IOException {
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(read("pom.xml"));
        assertThat(version.find()).isTrue();
        String image = "vitrine:" + version.group(1);

        assertThat(map(compose(), "x-vitrine").get("image")).isEqualTo(image);
        assertThat(read("Dockerfile")).contains("docker build -t " + image + " .");
        assertThat(read("routes/examples/README.md")).contains("FROM " + image + "\n");
    }

    @Test
    void mountWhatAnOperatorChangesAndKeepWhatTheServiceWrites() throws IOException {
        Map<?, ?> services = map(compose(), "services");
        List<?> worker = (List<?>) map(map(services, "worker"), "<<").get("volumes");
        List<?> api = (List<?>) map(services, "api").get("volumes");
        assertThat(api.stream().map(Object::toString))
                .as("all that a worker has, and the drop folder")
                .containsAll(worker.stream().map(Object::toString).toList())
                .contains("${VITRINE_INBOX:-./inbox}:/inbox")
                .contains("models:/opt/vitrine/models", "data:/data")
                .contains(
                        "./routes:/opt/vitrine/routes:ro",
                        "./kamelets:/opt/vitrine/kamelets:ro",
                        "./config:/opt/vitrine/config:ro",
                        "./components:/opt/vitrine/components:ro");
        assertThat(map(compose(), "volumes").containsKey("models")).isTrue();
        assertThat(read("Dockerfile"))
                .contains("chown vitrine:vitrine /data /inbox /opt/vitrine/models", "USER vitrine");
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "503, 1"})
    void askForReadinessWithoutAJvm(int status, int code) throws Exception {
        Matcher command = Pattern.compile("CMD \\[\"bash\", \"-c\", \"(.*)\"]").matcher(read("Dockerfile"));
        assertThat(command.find()).isTrue();
        String script = command.group(1).replace("\\\\", "\\");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/observe/health/ready", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            ProcessBuilder check = new ProcessBuilder("bash", "-c", script);
            check.environment()
                    .put(
                            "VITRINE_HTTP_PORT",
                            Integer.toString(server.getAddress().getPort()));
            assertThat(check.start().waitFor()).isEqualTo(code);
        } finally {
            server.stop(0);
        }
    }
}
