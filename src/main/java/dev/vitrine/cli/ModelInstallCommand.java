package dev.vitrine.cli;

import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.install.CatalogueModel;
import dev.vitrine.clip.install.FolderSource;
import dev.vitrine.clip.install.HttpSource;
import dev.vitrine.clip.install.InstallException;
import dev.vitrine.clip.install.ModelCatalogue;
import dev.vitrine.clip.install.ModelInstaller;
import dev.vitrine.clip.install.ModelSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model install NAME}: fetches a model, verified, or not at all. */
@Command(
        name = "install",
        description = "Fetch a model. A download that was stopped goes on where it was.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Environment: HF_ENDPOINT (another model hub), HF_TOKEN (access token for it),",
            "HTTPS_PROXY, HTTP_PROXY, NO_PROXY."
        })
public final class ModelInstallCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "As './vitrine model list' shows it.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "DIR_OR_URL",
            description = "Take the files from a folder or a web server's folder instead of the model hub.")
    private String from;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ModelHome home = new ModelHome();
        try {
            ModelCatalogue catalogue = home.catalogue();
            CatalogueModel model = catalogue
                    .find(name)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "No model '" + name + "' in the catalogue; it has "
                                    + String.join(
                                            ", ",
                                            catalogue.models().stream()
                                                    .map(CatalogueModel::name)
                                                    .toList())));
            ModelSource source = source(System.getenv());
            try (TerminalProgress progress = new TerminalProgress(err, TerminalProgress.isWatched())) {
                Path folder = new ModelInstaller(home.installed().folder(), source).install(model, progress);
                progress.close();
                out.println(model.name() + " is in " + folder + "; restart Vitrine with VITRINE_MODEL=" + model.name()
                        + " to use it");
                out.flush();
            }
            return 0;
        } catch (InstallException | ModelException e) {
            err.println(e.getMessage());
        } catch (IOException e) {
            err.println("Writing to " + home.installed().folder() + " failed: " + e.getMessage());
        }
        err.flush();
        return 1;
    }

    private ModelSource source(Map<String, String> environment) {
        if (from == null) {
            return HttpSource.hub(environment);
        }
        if (from.matches("(?i)https?://.*")) {
            return HttpSource.mirror(from, environment);
        }
        if (!Files.isDirectory(Path.of(from))) {
            throw new InstallException("--from " + from + " is neither a folder nor a URL");
        }
        return new FolderSource(Path.of(from));
    }
}
