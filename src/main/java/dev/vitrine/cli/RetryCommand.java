package dev.vitrine.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a failed job back to the queue. */
@Command(name = "retry", description = "Sends a failed job back to the queue.", mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Parameters(paramLabel = "ID", description = "the id of a failed job")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        ServiceClient.Answer answer = options.client().post("/jobs/" + PathSegment.encode(id) + "/retry", Map.of());
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        spec.commandLine().getOut().println("Job " + id + " is queued again.");
        return 0;
    }
}
