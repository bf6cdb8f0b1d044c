package dev.vitrine.cli;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.reload.RouteCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks the configuration and every route file without starting anything. */
@Command(
        name = "check",
        description = "Checks the configuration and every route file without starting.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = Main.settings(Map.of());
        List<Path> files = Vitrine.routeFiles(settings);
        List<RouteCheck.Finding> findings = Vitrine.checkRoutes(settings, files);
        PrintWriter out = spec.commandLine().getOut();
        for (RouteCheck.Finding finding : findings) {
            String where = finding.file() == null
                    ? "routes"
                    : settings.home().relativize(finding.file()).toString();
            out.println(where + ": " + finding.message());
        }
        if (!findings.isEmpty()) {
            throw new CommandFailedException(findings.size() == 1 ? "one problem" : findings.size() + " problems");
        }
        out.println("The configuration and " + files.size() + " route files are good.");
        return 0;
    }
}
