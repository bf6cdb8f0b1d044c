package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists jobs, newest first. */
@Command(name = "jobs", description = "Lists jobs, newest first.", mixinStandardHelpOptions = true)
final class JobsCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private ReadOptions shown;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "only these: queued, processing, retrying, completed or failed")
    private String status;

    @Option(names = "--product", paramLabel = "ID", description = "only those of one product")
    private String product;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "how many (default ${DEFAULT-VALUE})")
    private int limit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        StringBuilder path = new StringBuilder("/jobs?limit=" + limit);
        if (status != null) {
            path.append("&status=").append(PathSegment.encode(status));
        }
        if (product != null) {
            path.append("&product_id=").append(PathSegment.encode(product));
        }
        ServiceClient.Answer answer = options.client().get(path.toString());
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (shown.json()) {
            ReadOptions.print(answer.body(), out);
            return 0;
        }
        JsonNode jobs = answer.body().path("jobs");
        if (jobs.isEmpty()) {
            out.println("No jobs.");
            return 0;
        }
        Table table = new Table("JOB", "STATUS", "TRIES", "CREATED", "PRODUCT", "ERROR");
        for (JsonNode job : jobs) {
            table.row(
                    job.path("job_id").asText(),
                    job.path("status").asText(),
                    job.path("attempts").asText(),
                    job.path("created_at").asText(),
                    job.path("product_id").asText(),
                    job.path("error").isNull() ? "" : job.path("error").asText());
        }
        table.print(out, Table.terminal());
        if (!answer.body().path("next_cursor").isNull()) {
            out.println("There are more; raise --limit.");
        }
        return 0;
    }
}
