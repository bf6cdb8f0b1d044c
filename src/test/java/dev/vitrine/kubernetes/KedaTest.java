package dev.vitrine.kubernetes;

import static dev.vitrine.kubernetes.Manifests.at;
import static dev.vitrine.kubernetes.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What KEDA is told of workers. */
class KedaTest {
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(KedaTest.class.getResourceAsStream("/kubernetes/keda.json"));

    private final Manifests base;
    private final Map<?, ?> workers;

    KedaTest() throws Exception {
        base = Manifests.files(Manifests.BASE);
        workers = base.get("ScaledObject", "vitrine-worker");
    }

    /** Faults of an object of KEDA's. */
    static List<String> faults(Map<?, ?> object) {
        return SCHEMA.validate(new ObjectMapper().valueToTree(object)).stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void hasNoFieldThatKedaDoesNotHave() {
        assertThat(faults(workers)).isEmpty();
        assertThat(faults(base.get("TriggerAuthentication", "vitrine-redis"))).isEmpty();
        assertThat(new StrictReader()
                        .behavior(at(workers, "spec", "advanced", "horizontalPodAutoscalerConfig", "behavior"))
                        .getScaleDown()
                        .getStabilizationWindowSeconds())
                .as("a pause between two pictures ends no worker")
                .isGreaterThanOrEqualTo(60);
    }

    @Test
    void scalesTheWorkersByThePasswordThatTheyHave() {
        assertThat(at(workers, "spec", "scaleTargetRef", "name"))
                .isEqualTo(at(base.get("Deployment", "vitrine-worker"), "metadata", "name"));
        assertThat(base.get("Deployment", "vitrine-worker").toString())
                .as("applying the files again must not undo what KEDA decided")
                .doesNotContain("replicas=");
        Map<?, ?> authentication = base.get("TriggerAuthentication", "vitrine-redis");
        assertThat(list(workers, "spec", "triggers")).allMatch(trigger -> at(authentication, "metadata", "name")
                .equals(at(trigger, "authenticationRef", "name")));
        assertThat(base.get("Deployment", "vitrine-worker").toString())
                .contains("name=%s, key=%s"
                        .formatted(
                                at(authentication, "spec", "secretTargetRef", 0, "name"),
                                at(authentication, "spec", "secretTargetRef", 0, "key")));
    }

    @Test
    void addsUpEveryTrigger() {
        List<String> names = list(workers, "spec", "triggers").stream()
                .map(trigger -> at(trigger, "name").toString())
                .toList();

        assertThat(at(workers, "spec", "advanced", "scalingModifiers", "formula"))
                .as("the largest of them would let go of workers that are busy")
                .isEqualTo(String.join(" + ", names));
        assertThat(at(workers, "spec", "advanced", "scalingModifiers", "activationTarget"))
                .as("a single job wakes a worker")
                .isEqualTo("0");
        assertThat(at(workers, "spec", "minReplicaCount")).isEqualTo(0);
    }
}
