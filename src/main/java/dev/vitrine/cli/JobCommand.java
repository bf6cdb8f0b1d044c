package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one job. */
@Command(name = "job", description = "Shows one job.", mixinStandardHelpOptions = true)
final class JobCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private ReadOptions shown;

    @Parameters(paramLabel = "ID", description = "the job id that the upload was answered with")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        ServiceClient.Answer answer = options.client().get("/jobs/" + PathSegment.encode(id));
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        if (shown.json()) {
            ReadOptions.print(answer.body(), spec.commandLine().getOut());
            return 0;
        }
        for (Map.Entry<String, JsonNode> field : answer.body().properties()) {
            if (!field.getValue().isNull()) {
                spec.commandLine()
                        .getOut()
                        .printf("%-12s %s%n", field.getKey(), field.getValue().asText());
            }
        }
        return 0;
    }
}
