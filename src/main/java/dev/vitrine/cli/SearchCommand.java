package dev.vitrine.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds products from the terminal. */
@Command(name = "search", description = "Finds products by words or by a picture.", mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private ReadOptions shown;

    @Parameters(arity = "0..*", paramLabel = "WORDS", description = "what it looks like")
    private List<String> words = List.of();

    @Option(names = "--text", paramLabel = "WORDS", description = "the same")
    private String text;

    @Option(names = "--image", paramLabel = "FILE", description = "a picture of it")
    private Path image;

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
        String wanted = text == null ? String.join(" ", words) : text;
        if (wanted.isBlank() == (image == null) || text != null && !words.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Say what to look for: either words or --image FILE");
        }
        ServiceClient client = options.client();
        ServiceClient.Answer answer = image == null
                ? client.post("/search", Map.of("text", wanted, "limit", limit))
                : client.searchByPicture(image, limit);
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        if (shown.json()) {
            ReadOptions.print(answer.body(), spec.commandLine().getOut());
            return 0;
        }
        new ResultTable(spec.commandLine().getOut()).print(answer.body());
        return 0;
    }
}
