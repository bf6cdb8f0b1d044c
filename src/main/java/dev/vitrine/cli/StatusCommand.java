package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Asks the running service how it is. */
@Command(
        name = "status",
        description = "Shows the running service: health of each part, queue, workers, jobs.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private ReadOptions shown;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        ServiceClient client = options.client();
        ServiceClient.Answer health = client.get("/observe/health");
        ServiceClient.Answer stats = client.get("/stats");
        PrintWriter out = spec.commandLine().getOut();
        boolean allWell = health.body().path("status").asText("DOWN").equals("UP");
        String overall = allWell ? "UP" : client.get("/observe/health/ready").isSuccess() ? "DEGRADED" : "DOWN";
        if (shown.json()) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("status", overall);
            all.put("url", client.url());
            all.put("health", health.body());
            all.put("stats", stats.isSuccess() ? stats.body() : null);
            ReadOptions.print(all, out);
            return allWell ? 0 : 1;
        }
        out.printf("%-14s %s%n", "service", overall + " at " + client.url());
        for (JsonNode check : health.body().path("checks")) {
            JsonNode data = check.path("data");
            String why = data.path("message")
                    .asText(check.path("message").asText(""))
                    .replace("\\/", "/");
            out.printf(
                    "%-14s %s%s%n",
                    check.path("name").asText(), check.path("status").asText(), why.isEmpty() ? "" : " – " + why);
        }
        if (stats.isSuccess()) {
            print(out, stats.body());
        }
        return allWell ? 0 : 1;
    }

    private static void print(PrintWriter out, JsonNode stats) {
        JsonNode queue = stats.path("queue");
        out.printf(
                "%-14s %s%n",
                "queue",
                queue.path("mode").asText().equals("none")
                        ? "none; uploads are indexed while the client waits"
                        : queue.path("depth").asText("?") + " waiting, oldest for "
                                + queue.path("oldest_wait_seconds").asText("0") + " s");
        out.printf("%-14s %s%n", "workers", stats.path("workers").asText("?"));
        StringBuilder jobs = new StringBuilder();
        for (Map.Entry<String, JsonNode> count : stats.path("jobs").properties()) {
            jobs.append(jobs.isEmpty() ? "" : ", ")
                    .append(count.getValue().asText())
                    .append(' ')
                    .append(count.getKey());
        }
        out.printf("%-14s %s%n", "jobs", jobs);
        out.printf(
                "%-14s %s jobs in the last minute%n",
                "throughput", stats.path("throughput_last_minute").asText("?"));
        out.printf(
                "%-14s %s%s%n",
                "model",
                stats.path("model").path("name").asText(),
                stats.path("model").path("demo").asBoolean() ? " (the demo model; see ./vitrine model list)" : "");
        out.printf(
                "%-14s %s products' pictures (%s)%n",
                "index",
                stats.path("index").path("points").asText("?"),
                stats.path("index").path("place").asText());
    }
}
