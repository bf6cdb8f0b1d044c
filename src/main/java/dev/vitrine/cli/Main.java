package dev.vitrine.cli;

import dev.vitrine.Settings;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;
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
            ImportCommand.class,
            ExportCommand.class,
            ReindexCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            ModelCommand.class,
            ComponentCommand.class,
            IndexCommand.class,
            KeyCommand.class,
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

    /** Says at each start how it would be a little faster on the newest Java; held, or its level is forgotten. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs a command and exits with 0 on success, 1 on failure, 2 on wrong usage. */
    public static void main(String[] args) {
        LUCENE.setLevel(Level.SEVERE);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (command.getCommand() instanceof StartCommand && "json".equals(System.getenv("VITRINE_LOG"))) {
                LoggerFactory.getLogger(Main.class).error(message(failure)); // for whoever reads the log of a service
            } else {
                command.getErr().println(command.getColorScheme().errorText("vitrine: " + message(failure)));
            }
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

    /** Java's own message is the bare path in two cases of three. */
    private static String withReason(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return failure.getFile() + " may not be read or written by " + System.getProperty("user.name")
                    + "; give it to that user, or name another folder";
        }
        if (failure instanceof NoSuchFileException) {
            return "There is no " + failure.getFile();
        }
        return failure.getMessage();
    }

    /** What failed, then why at the bottom of it, on one line. */
    private static String message(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof FileSystemException denied) {
            return withReason(denied);
        }
        if (String.valueOf(root.getMessage()).contains("in java.library.path")) {
            return "The model's library cannot be unpacked: the temporary folder "
                    + System.getProperty("java.io.tmpdir")
                    + " is full or may not be written; free it, or name another:"
                    + " VITRINE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER";
        }
        String what = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String why = root.getMessage() == null ? root.toString() : root.getMessage();
        return (what.contains(why) ? what : what + ": " + why).replaceAll("\\s*\\R\\s*", " ");
    }
}
