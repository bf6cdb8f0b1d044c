package dev.vitrine.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.part.Diagnosis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The service of an installation as it answers over HTTP, if it runs. */
public final class RunningService {
    private final Function<String, Optional<JsonNode>> get;
    private final Optional<JsonNode> health;

    /**
     * Asks it for its health.
     *
     * @param get the JSON under a path, whatever the status; empty where no Vitrine answers, or not with JSON
     */
    public RunningService(Function<String, Optional<JsonNode>> get) {
        this.get = get;
        this.health = get.apply("/observe/health").filter(answer -> answer.has("checks"));
    }

    /** Whether a Vitrine answers. */
    boolean answers() {
        return health.isPresent();
    }

    /** The JSON under a path; empty where the service does not run. */
    Optional<JsonNode> ask(String path) {
        return answers() ? get.apply(path) : Optional.empty();
    }

    /** The parts that it says are down; that it does not run is no fault. */
    List<Diagnosis> parts() {
        if (health.isEmpty()) {
            return List.of(Diagnosis.good("service", "does not run, or not here"));
        }
        List<Diagnosis> all = new ArrayList<>();
        for (JsonNode check : health.get().path("checks")) {
            if (!check.path("status").asText().equals("UP")) {
                String why = check.path("data")
                        .path("message")
                        .asText(check.path("message").asText("DOWN"));
                all.add(Diagnosis.fault(
                        "service: " + check.path("name").asText(), why, "the row above of what it needs, or its log"));
            }
        }
        return all.isEmpty() ? List.of(Diagnosis.good("service", "runs, all its parts are UP")) : all;
    }
}
