package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code kubectl apply -k} would send to a cluster. */
class KustomizedTest {
    static List<Path> folders() {
        return List.of(Manifests.BASE, Manifests.PRODUCTION);
    }

    private static Manifests of(Path folder) throws Exception {
        Optional<Manifests> made = Manifests.kustomized(folder);
        if (made.isEmpty()) {
            System.err.println("No kubectl here, so what kustomize makes of " + folder + " is not looked at");
        }
        assumeTrue(made.isPresent(), "no kubectl");
        return made.get();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void hasNoFieldThatThereIsNot(Path folder) throws Exception {
        StrictReader reader = new StrictReader();
        for (Map<?, ?> object : of(folder).objects()) {
            if (reader.read(object).isEmpty()) {
                assertThat(KedaTest.faults(object)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void isOneNamespaceWithNamesThatLeadSomewhere(Path folder) throws Exception {
        Manifests made = of(folder);
        Map<?, ?> settings = made.of("ConfigMap").get(0);
        assertThat(made.objects())
                .filteredOn(object -> !"Namespace".equals(object.get("kind")))
                .allMatch(object -> "vitrine".equals(at(object, "metadata", "namespace")));
        for (Map<?, ?> deployment : made.of("Deployment")) {
            Object container = at(deployment, "spec", "template", "spec", "containers", 0);
            assertThat(at(container, "envFrom", 0, "configMapRef", "name"))
                    .as("with the sum of its content, so that a change rolls the pods")
                    .isEqualTo(at(settings, "metadata", "name"))
                    .asString()
                    .matches("vitrine-[a-z0-9]+");
            assertThat(at(container, "image").toString()).matches("(.+/)?vitrine:[0-9].*");
            assertThat(list(container, "env").stream().map(variable -> at(variable, "name")))
                    .as("a variable that is set twice")
                    .doesNotHaveDuplicates();
        }
    }
}
