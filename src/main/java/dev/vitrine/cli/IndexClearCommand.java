package dev.vitrine.cli;

import dev.vitrine.Settings;
import dev.vitrine.index.IndexClearing;
import dev.vitrine.reindex.StateFile;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./vitrine index clear}: makes room for another model's vectors. */
@Command(
        name = "clear",
        description = {
            "Removes all vectors from the index, so that another model can fill it.",
            "Stop the service first; afterwards send the pictures again."
        },
        mixinStandardHelpOptions = true)
final class IndexClearCommand implements Callable<Integer> {
    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = Main.settings(Map.of());
        StateFile models = new StateFile(settings.dataDir());
        IndexClearing clearing =
                new IndexClearing(settings.index(), models.read().last());
        List<String> places = clearing.places();
        if (places.isEmpty()) {
            out.println("There is no index yet.");
            return 0;
        }
        String what = String.join(", ", places);
        if (!yes && !agreed(what)) {
            throw new CommandFailedException("nothing was removed");
        }
        clearing.run();
        models.delete(); // VITRINE_MODEL decides again
        out.println("Removed all vectors of " + what + ". Start Vitrine and send the pictures again.");
        return 0;
    }

    private boolean agreed(String what) {
        Console console = System.console();
        if (console == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "This removes all vectors of " + what + "; add --yes where nobody can be asked");
        }
        String answer = console.readLine("Remove all vectors of %s? [y/N] ", what);
        return answer != null && answer.strip().matches("(?i)y(es)?");
    }
}
