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
                .filter(name -> !name.startsWith("OTEL_") && !name.startsWith("AWS_"))
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

    @Test
    void runOnAReadOnlyRootWithoutRightsAndWithTimeToStop() throws IOException {
        Map<?, ?> ours = map(compose(), "x-vitrine");
        assertThat(ours.get("read_only")).isEqualTo(true);
        assertThat(ours.get("tmpfs").toString()).contains("/tmp");
        assertThat(ours.get("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(ours.get("stop_signal")).isEqualTo("SIGTERM");
        assertThat(read("Dockerfile")).contains("STOPSIGNAL SIGTERM", "VITRINE_DATA_DIR=/data", "VITRINE_INBOX=/inbox");

        Matcher inFlight = Pattern.compile("camel.main.shutdownTimeout = (\\d+)")
                .matcher(read("src/main/resources/application.properties"));
        assertThat(inFlight.find()).isTrue();
        int grace = Integer.parseInt(ours.get("stop_grace_period").toString().replace("s", ""));
        assertThat(grace)
                .as("what is in flight, then Redis and the index")
                .isGreaterThanOrEqualTo(Integer.parseInt(inFlight.group(1)) + 20);
    }

    @Test
    void copyOnlyWhatIsThereAndNotIgnored() throws IOException {
        List<String> ignored = Files.readAllLines(Path.of(".dockerignore"));
        Matcher copies = Pattern.compile("(?m)^COPY (?:--chown=\\S+ )?([^-\\s]\\S*) \\S+$")
                .matcher(read("Dockerfile"));
        int count = 0;
        while (copies.find()) {
            count++;
            assertThat(Path.of(copies.group(1))).exists();
            assertThat(ignored).doesNotContain(copies.group(1));
        }
        assertThat(count).isGreaterThan(5);
    }

    @Test
    void watchEveryContainerWithTheRulesAndDashboardsOfThisFolder() throws IOException {
        Map<?, ?> services = map(compose(), "services");
        for (String name : List.of("prometheus", "grafana")) {
            Map<?, ?> service = map(services, name);
            assertThat(service.get("profiles")).isEqualTo(List.of("observability"));
            assertThat(service.get("ports").toString()).startsWith("[127.0.0.1:");
            for (Object volume : (List<?>) service.get("volumes")) {
                String source = volume.toString().split(":")[0];
                if (source.startsWith("./")) {
                    assertThat(Path.of(source)).isNotEmptyDirectory();
                } else {
                    assertThat(map(compose(), "volumes").containsKey(source))
                            .as(source)
                            .isTrue();
                }
            }
        }
        Object scrape = new Load(LoadSettings.builder().build())
                .loadFromString(read("deploy/prometheus/prometheus.compose.yml"));
        Object alone =
                new Load(LoadSettings.builder().build()).loadFromString(read("deploy/prometheus/prometheus.yml"));
        assertThat(((Map<?, ?>) scrape).get("rule_files")).isEqualTo(((Map<?, ?>) alone).get("rule_files"));
        assertThat(scrape.toString()).contains("names=[api, worker]", "port=8080", "/run/secrets/vitrine_key");
        assertThat(map(map(compose(), "secrets"), "vitrine_key").get("environment"))
                .isEqualTo("VITRINE_API_KEY");
        assertThat(services.keySet().stream().map(Object::toString)).contains("api", "worker");
        assertThat(map(map(compose(), "x-vitrine"), "environment").get("VITRINE_HTTP_PORT"))
                .isEqualTo("8080");
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
