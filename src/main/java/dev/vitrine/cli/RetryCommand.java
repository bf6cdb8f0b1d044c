package dev.vitrine.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends failed jobs back to the queue. */
@Command(name = "retry", description = "Sends failed jobs back to the queue.", mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    /** Either one job or all. */
    static final class Which {
        @Parameters(paramLabel = "ID", description = "the id of a failed job")
        private String id;

        @Option(names = "--all", description = "every failed job")
        private boolean all;
    }

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        String path = which.all ? "/jobs/retry?status=failed" : "/jobs/" + PathSegment.encode(which.id) + "/retry";
        ServiceClient.Answer answer = options.client().post(path, Map.of());
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        spec.commandLine()
                .getOut()
                .println(
                        which.all
                                ? answer.body().path("retried").asInt() + " failed jobs are queued again."
                                : "Job " + which.id + " is queued again.");
        return 0;
    }
}
