package dev.vitrine.cli;

import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.install.CatalogueModel;
import dev.vitrine.clip.install.InstallException;
import dev.vitrine.clip.install.ModelCatalogue;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model list}: what the catalogue has and what is installed. */
@Command(
        name = "list",
        description = "Show the models that are installed and those that can be.",
        mixinStandardHelpOptions = true)
public final class ModelListCommand implements Callable<Integer> {

    private static final String ROW = "%-24s %-10s %8s  %-10s %s%n";

    @Mixin
    private ReadOptions shown;

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
        if (shown.json()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (CatalogueModel model : catalogue.models()) {
                rows.add(row(model.name(), installed.has(model.name()), model.bytes(), model.title()));
            }
            for (String name : installed.names()) {
                if (catalogue.find(name).isEmpty()) {
                    rows.add(row(name, true, null, ""));
                }
            }
            ReadOptions.print(rows, out);
            return 0;
        }
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

    private static Map<String, Object> row(String name, boolean installed, Object bytes, String title) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("installed", installed);
        row.put("bytes", bytes);
        row.put("title", title);
        return row;
    }
}
