package dev.vitrine.reload.check;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.DataFormatModel;

/** Checks that the data formats of {@code marshal} and {@code unmarshal} are installed. */
final class FormatCheck {
    private final CamelContext context;
    private final CamelCatalog catalog = new DefaultCamelCatalog(true);

    FormatCheck(CamelContext context) {
        this.context = context;
    }

    void check(Uses.Format format, Findings findings) {
        List<DataFormatModel> all = catalog.findDataFormatNames().stream()
                .map(catalog::dataFormatModel)
                .filter(model -> format.name().equals(model.getModelName()))
                .toList();
        // Several read the same format, such as JSON: the one whose library is named, else of the same name, else
        // Jackson.
        String library = format.library().toLowerCase(Locale.ROOT);
        Optional<DataFormatModel> meant = library.isEmpty()
                ? named(all, format.name()).or(() -> named(all, "jackson"))
                : named(all, library).or(() -> near(all, library));
        List<DataFormatModel> candidates = meant.map(List::of).orElse(all);
        if (!candidates.isEmpty() && candidates.stream().noneMatch(model -> isInstalled(model.getName()))) {
            String name = candidates.get(0).getName();
            findings.add(
                    format.line(),
                    "the data format \"" + format.name() + "\" is not installed; run: ./vitrine component add " + name);
        }
    }

    private static Optional<DataFormatModel> named(List<DataFormatModel> all, String name) {
        return all.stream()
                .filter(model -> model.getName().equalsIgnoreCase(name))
                .findFirst();
    }

    private static Optional<DataFormatModel> near(List<DataFormatModel> all, String library) {
        return all.stream()
                .filter(model -> model.getName().toLowerCase(Locale.ROOT).contains(library)
                        || library.contains(model.getName().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private boolean isInstalled(String name) {
        return context.getClassResolver().loadResourceAsURL("META-INF/services/org/apache/camel/dataformat/" + name)
                != null;
    }
}
