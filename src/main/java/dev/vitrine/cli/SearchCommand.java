package dev.vitrine.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds products from the terminal. */
@Command(name = "search", description = "Finds products by words or by a picture.", mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    private static final class What {
        @Option(names = "--text", paramLabel = "WORDS", required = true, description = "what it looks like")
        private String text;

        @Option(names = "--image", paramLabel = "FILE", required = true, description = "a picture of it")
        private Path image;
    }

    @Mixin
    private ClientOptions options;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "how many (default ${DEFAULT-VALUE})")
    private int limit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        ServiceClient client = options.client();
        ServiceClient.Answer answer = what.text != null
                ? client.post("/search", Map.of("text", what.text, "limit", limit))
                : client.searchByPicture(what.image, limit);
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        new ResultTable(spec.commandLine().getOut()).print(answer.body());
        return 0;
    }
}
