package dev.vitrine.cli;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.reload.RouteFolders;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the configuration and route files without starting anything. */
@Command(
        name = "check",
        description = {
            "Checks the configuration, routes/ and kamelets/ without starting anything.",
            "Prints FILE:LINE: what is wrong; exit code 0 when nothing is, 1 otherwise, 2 on wrong usage."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "FILES",
            description =
                    "Route files or Kamelets elsewhere, such as routes/examples/*.camel.yaml: checked together with the rest.")
    private List<Path> files = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = Main.settings(Map.of());
        Set<Path> all =
                new LinkedHashSet<>(new RouteFolders(settings.home()).read().keySet());
        for (Path file : files) {
            all.add(existing(file));
        }
        List<RouteSource> sources = all.stream().map(this::read).toList();
        Path here = Path.of("").toAbsolutePath();
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = Vitrine.checkRoutes(settings, sources);
        for (Finding finding : findings) {
            out.println(finding.in(here));
        }
        if (!findings.isEmpty()) {
            out.flush();
            throw new CommandFailedException(findings.size() == 1 ? "one problem" : findings.size() + " problems");
        }
        out.println("The configuration and " + sources.size() + " route files are good.");
        return 0;
    }

    private Path existing(Path file) {
        Path path = file.toAbsolutePath().normalize();
        String name = path.getFileName().toString();
        if (!Files.isRegularFile(path)) {
            throw new ParameterException(spec.commandLine(), file + " is not a file");
        }
        if (Stream.of(".camel.yaml", ".kamelet.yaml").noneMatch(name::endsWith)) {
            throw new ParameterException(
                    spec.commandLine(), file + " must end with .camel.yaml or .kamelet.yaml to be loaded");
        }
        return path;
    }

    private RouteSource read(Path file) {
        try {
            return RouteSource.read(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), file + " cannot be read: " + e.getMessage());
        }
    }
}
