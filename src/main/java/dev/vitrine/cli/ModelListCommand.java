package dev.vitrine.cli;

import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.install.CatalogueModel;
import dev.vitrine.clip.install.InstallException;
import dev.vitrine.clip.install.ModelCatalogue;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model list}: what the catalogue has and what is installed. */
@Command(
        name = "list",
        description = "Show the models that are installed and those that can be.",
        mixinStandardHelpOptions = true)
public final class ModelListCommand implements Callable<Integer> {

    private static final String ROW = "%-24s %-10s %8s  %-10s %s%n";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ModelHome home = new ModelHome();
        InstalledModels installed = home.installed();
        ModelCatalogue catalogue;
        try {
            catalogue = home.catalogue();
        } catch (InstallException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(ROW, "NAME", "INSTALLED", "SIZE", "LICENCE", "");
        for (CatalogueModel model : catalogue.models()) {
            String here = installed.has(model.name()) ? "yes" : "no";
            out.printf(ROW, model.name(), here, Megabytes.of(model.bytes()), model.licence(), model.title());
        }
        for (String name : installed.names()) {
            if (catalogue.find(name).isEmpty()) {
                String title = name.equals(ModelFolder.DEMO) ? "the bundled demo model" : "not in the catalogue";
                out.printf(ROW, name, "yes", "", "", title);
            }
        }
        out.flush();
        return 0;
    }
}
