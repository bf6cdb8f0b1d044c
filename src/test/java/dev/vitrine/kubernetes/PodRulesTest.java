package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod may do, where it writes, how it is asked and how it ends. */
class PodRulesTest {
    private static Object pod(String name) throws IOException {
        return at(Manifests.files(Manifests.BASE).get("Deployment", name), "spec", "template", "spec");
    }

    private static Object container(String name) throws IOException {
        return at(pod(name), "containers", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void hasNoRights(String name) throws IOException {
        assertThat(at(pod(name), "automountServiceAccountToken")).isEqualTo(false);
        assertThat(at(pod(name), "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("--uid " + at(pod(name), "securityContext", "runAsUser") + " ");
        assertThat(at(pod(name), "securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
        assertThat(at(container(name), "securityContext", "allowPrivilegeEscalation"))
                .isEqualTo(false);
        assertThat(at(container(name), "securityContext", "capabilities")).isEqualTo(Map.of("drop", List.of("ALL")));
        assertThat(pod(name).toString()).doesNotContain("hostNetwork", "hostPID", "hostPort");
        assertThat(list(pod(name), "volumes")).noneMatch(volume -> at(volume, "hostPath") != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void writesToVolumesAlone(String name) throws IOException {
        assertThat(at(container(name), "securityContext", "readOnlyRootFilesystem"))
                .isEqualTo(true);
        assertThat(list(container(name), "volumeMounts").stream().map(mount -> at(mount, "mountPath")))
                .as("as the Dockerfile says")
                .containsExactlyInAnyOrder("/data", "/inbox", "/tmp");
        assertThat(list(pod(name), "volumes"))
                .filteredOn(volume -> at(volume, "emptyDir") != null)
                .as("bounded, and gone with the pod")
                .allMatch(volume -> at(volume, "emptyDir", "sizeLimit") != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void isAskedWhereTheServiceAnswers(String name) throws IOException {
        String api = Files.readString(Path.of("src/main/resources/openapi/vitrine.yaml"));
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            Object path = at(container(name), probe, "httpGet", "path");
            assertThat(api).contains("\n  " + path + ":\n");
            assertThat(path)
                    .as("a server that is away must end no pod")
                    .isEqualTo("/observe/health/" + (probe.equals("readinessProbe") ? "ready" : "live"));
        }
        int patience = (int) at(container(name), "startupProbe", "periodSeconds")
                * (int) at(container(name), "startupProbe", "failureThreshold");
        assertThat(patience).as("seconds for a model to load").isGreaterThanOrEqualTo(120);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void hasTimeToHandItsJobsBack(String name) throws IOException {
        Matcher inFlight = Pattern.compile("camel.main.shutdownTimeout = (\\d+)")
                .matcher(Files.readString(Path.of("src/main/resources/application.properties")));
        assertThat(inFlight.find()).isTrue();
        List<?> preStop = list(container(name), "lifecycle", "preStop", "exec", "command");
        int before = preStop.isEmpty() ? 0 : Integer.parseInt(preStop.get(1).toString());

        assertThat((int) at(pod(name), "terminationGracePeriodSeconds"))
                .as("before SIGTERM, what is in flight, then Redis and the index")
                .isGreaterThanOrEqualTo(before + Integer.parseInt(inFlight.group(1)) + 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void hasTheMemoryThatWasMeasured(String name) throws IOException {
        assertThat(at(container(name), "resources", "requests", "memory"))
                .as("at least the 800 MB of docs/performance.md")
                .isEqualTo("1Gi");
        assertThat(at(container(name), "resources", "limits", "memory")).isEqualTo("2Gi");
        assertThat(at(container(name), "resources", "limits", "cpu"))
                .as("the JVM, and with it VITRINE_WORKERS, would take a node's cores")
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vitrine-api", "vitrine-worker"})
    void isToldOfNoServiceByVariablesThatLookLikeSettings(String name) throws IOException {
        assertThat(at(pod(name), "enableServiceLinks")).isEqualTo(false);
    }
}
