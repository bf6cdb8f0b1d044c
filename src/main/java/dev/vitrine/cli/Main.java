package dev.vitrine.cli;

import dev.vitrine.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code vitrine} command. */
@Command(
        name = "vitrine",
        description = "Finds a shop's products by picture or by words.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            StartCommand.class,
            StatusCommand.class,
            SearchCommand.class,
            JobCommand.class,
            JobsCommand.class,
            RetryCommand.class,
            CheckCommand.class,
            BenchCommand.class,
            ModelCommand.class,
            ComponentCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"vitrine " + (version == null ? "(not packaged)" : version)};
        }
    }

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs a command and exits with 0 on success, 1 on failure, 2 on wrong usage. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(command.getColorScheme().errorText("vitrine: " + message(failure)));
            return CommandLine.ExitCode.SOFTWARE;
        });
        commandLine.setParameterExceptionHandler((failure, args) -> {
            PrintWriter err = failure.getCommandLine().getErr();
            String name = failure.getCommandLine().getCommandSpec().qualifiedName();
            err.println("vitrine: " + failure.getMessage() + " (see " + name + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        return commandLine;
    }

    /** The folder of the installation. */
    static Path home() {
        return Path.of(System.getProperty("vitrine.home", ".")).toAbsolutePath().normalize();
    }

    /** The settings of the installation, some of them overridden. */
    static Settings settings(Map<String, String> overrides) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(overrides);
        return Settings.load(home(), environment);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? Try: vitrine demo");
    }

    /** What failed, then why at the bottom of it, on one line. */
    private static String message(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String what = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String why = root.getMessage() == null ? root.toString() : root.getMessage();
        return (what.contains(why) ? what : what + ": " + why).replaceAll("\\s*\\R\\s*", " ");
    }
}
