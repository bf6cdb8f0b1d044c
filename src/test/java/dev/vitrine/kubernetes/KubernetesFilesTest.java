package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code deploy/kubernetes/base}, as far as they tell without a cluster. */
class KubernetesFilesTest {
    private final StrictReader reader = new StrictReader();
    private final Manifests base;

    KubernetesFilesTest() throws Exception {
        base = Manifests.files(Manifests.BASE);
    }

    @Test
    void haveNoFieldThatKubernetesDoesNotHave() {
        long read = base.objects().stream()
                .filter(object -> reader.read(object).isPresent())
                .count();

        assertThat(read).isEqualTo(10);
        assertThat(base.objects())
                .filteredOn(object -> reader.read(object).isEmpty())
                .as("kinds of others")
                .allSatisfy(object -> assertThat(object.get("apiVersion")).isEqualTo("keda.sh/v1alpha1"));
    }

    @Test
    void areReadSoThatAMisspeltFieldAndAWrongTypeAreFaults() {
        Map<String, Object> misspelt = new HashMap<>(Map.of("apiVersion", "v1", "kind", "Service"));
        misspelt.put("spec", Map.of("selectr", Map.of("app", "x")));
        assertThatThrownBy(() -> reader.read(misspelt)).hasMessageContaining("selectr");
        misspelt.put("spec", Map.of("selector", Map.of("app", true)));
        assertThatThrownBy(() -> reader.read(misspelt)).hasMessageContaining("Boolean");
    }

    @Test
    void areAllNamedInTheKustomization() throws Exception {
        try (Stream<Path> files = Files.list(Manifests.BASE)) {
            String kustomization = Files.readString(Manifests.BASE.resolve("kustomization.yaml"));
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.equals("kustomization.yaml"))
                    .allSatisfy(name -> assertThat(kustomization).contains("- " + name + "\n"));
        }
    }

    @Test
    void agreeOnTheVersion() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

        assertThat(Files.readString(Manifests.BASE.resolve("kustomization.yaml")))
                .contains("newName: vitrine\n    newTag: " + version + "\n");
        assertThat(pods()).allSatisfy(pod -> assertThat(at(pod, "containers", 0, "image"))
                .as("named in the kustomization alone")
                .isEqualTo("vitrine"));
    }

    @Test
    void choosePodsByLabelsThatTheyHave() {
        List<?> pods = base.of("Deployment").stream()
                .map(one -> at(one, "spec", "template", "metadata", "labels"))
                .toList();
        for (Map<?, ?> deployment : base.of("Deployment")) {
            assertMatchesOne(pods, at(deployment, "spec", "selector", "matchLabels"));
            assertMatchesOne(
                    pods,
                    at(
                            deployment,
                            "spec",
                            "template",
                            "spec",
                            "topologySpreadConstraints",
                            0,
                            "labelSelector",
                            "matchLabels"));
        }
        base.of("Service").forEach(one -> assertMatchesOne(pods, at(one, "spec", "selector")));
        base.of("PodDisruptionBudget")
                .forEach(one -> assertMatchesOne(pods, at(one, "spec", "selector", "matchLabels")));
        assertThat(base.of("PodDisruptionBudget")).hasSameSizeAs(pods);
        base.of("NetworkPolicy").forEach(one -> assertThat(pods)
                .anyMatch(labels -> has(labels, at(one, "spec", "podSelector", "matchLabels"))));
        Map<?, ?> everyPod = base.get("NetworkPolicy", "vitrine");
        assertThat(pods).allMatch(labels -> has(labels, at(everyPod, "spec", "podSelector", "matchLabels")));
        assertThat(list(everyPod, "spec", "policyTypes").toString()).isEqualTo("[Ingress, Egress]");
    }

    @Test
    void nameOnlyWhatIsThere() {
        Map<?, ?> account = base.of("ServiceAccount").get(0);
        Map<?, ?> claim = base.of("PersistentVolumeClaim").get(0);
        assertThat(pods()).hasSize(2).allSatisfy(pod -> {
            assertThat(at(pod, "serviceAccountName")).isEqualTo(at(account, "metadata", "name"));
            assertThat(at(pod, "volumes", 0, "persistentVolumeClaim", "claimName"))
                    .isEqualTo(at(claim, "metadata", "name"));
            List<Object> volumes = list(pod, "volumes").stream()
                    .map(volume -> at(volume, "name"))
                    .toList();
            assertThat(list(pod, "containers", 0, "volumeMounts").stream().map(mount -> at(mount, "name")))
                    .containsExactlyInAnyOrderElementsOf(volumes);
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(at(pod, "containers", 0, probe, "httpGet", "port"))
                        .isEqualTo(at(pod, "containers", 0, "ports", 0, "name"));
            }
        });
        assertThat(at(base.of("Service").get(0), "spec", "ports", 0, "targetPort"))
                .isEqualTo(at(pods().get(0), "containers", 0, "ports", 0, "name"));
        assertThat(base.of("Secret"))
                .as("a secret has no place in a repository")
                .isEmpty();
    }

    private List<Object> pods() {
        return base.of("Deployment").stream()
                .map(one -> at(one, "spec", "template", "spec"))
                .toList();
    }

    private static void assertMatchesOne(List<?> pods, Object selector) {
        assertThat(pods)
                .filteredOn(labels -> has(labels, selector))
                .as(selector.toString())
                .hasSize(1);
    }

    private static boolean has(Object labels, Object selector) {
        return ((Map<?, ?>) labels).entrySet().containsAll(((Map<?, ?>) selector).entrySet());
    }
}
