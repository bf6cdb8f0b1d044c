package dev.vitrine.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./vitrine component}: what routes may use beyond the service's own jars. */
@Command(
        name = "component",
        description = {
            "Adds Camel components, data formats and other jars that a site's routes need.",
            "They go to components/ beside the launcher; a folder copied from elsewhere does as well."
        },
        mixinStandardHelpOptions = true)
final class ComponentCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with components: list, add or remove");
    }

    @Command(name = "list", description = "Shows what was added.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "prints JSON, for programs") boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> added = new Components(Main.home(), false).list();
        if (json) {
            ReadOptions.print(added, out);
        } else if (added.isEmpty()) {
            out.println("None; add one by its scheme, such as: ./vitrine component add sftp");
        } else {
            added.forEach(out::println);
        }
        return 0;
    }

    @Command(
            name = "add",
            description = "Adds components by Maven, in the versions that fit this Vitrine; restart it then.",
            mixinStandardHelpOptions = true)
    int add(
            @Option(names = "--offline", description = "uses only what Maven has already") boolean offline,
            @Parameters(
                            arity = "1..*",
                            paramLabel = "NAMES",
                            description = "scheme of a component (sftp), data format (csv), or GROUP:ARTIFACT:VERSION")
                    List<String> names)
            throws CommandFailedException {
        Components components = new Components(Main.home(), offline);
        List<String> wanted = new ArrayList<>(components.list());
        for (String name : names) {
            wanted.add(components.resolve(name));
        }
        return install(components, wanted);
    }

    @Command(
            name = "remove",
            description = "Removes components, and what only they needed.",
            mixinStandardHelpOptions = true)
    int remove(
            @Option(names = "--offline", description = "uses only what Maven has already") boolean offline,
            @Parameters(arity = "1..*", paramLabel = "NAMES", description = "as for add") List<String> names)
            throws CommandFailedException {
        Components components = new Components(Main.home(), offline);
        List<String> wanted = new ArrayList<>(components.list());
        for (String name : names) {
            if (!wanted.remove(components.resolve(name))) {
                throw new CommandFailedException(name + " was not added; see: ./vitrine component list");
            }
        }
        return install(components, wanted);
    }

    private int install(Components components, List<String> wanted) throws CommandFailedException {
        int jars = components.install(wanted);
        PrintWriter out = spec.commandLine().getOut();
        components.list().forEach(out::println);
        out.println(jars + " jars are in components/; a running Vitrine sees them after a restart.");
        return 0;
    }
}
