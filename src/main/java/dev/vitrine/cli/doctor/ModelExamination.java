package dev.vitrine.cli.doctor;

import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.install.CatalogueModel;
import dev.vitrine.clip.install.InstallException;
import dev.vitrine.clip.install.ModelCatalogue;
import dev.vitrine.clip.install.ModelInstaller;
import dev.vitrine.part.Diagnosis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Compares the files of the model with the catalogue's sums. */
final class ModelExamination {
    private final Path models;
    private final String setting;

    /**
     * @param models the folder of installed models
     * @param setting what {@code VITRINE_MODEL} says
     */
    ModelExamination(Path models, String setting) {
        this.models = models;
        this.setting = setting;
    }

    Diagnosis run() {
        InstalledModels installed = new InstalledModels(models);
        try {
            ModelFolder folder = installed.resolve(setting);
            if (folder.isDemo()) {
                return Diagnosis.advice(
                        "model",
                        folder.name() + ", the demo model",
                        "./vitrine model install " + InstalledModels.PREFERRED + " for real searches");
            }
            Path place = installed.folder().resolve(folder.name());
            Optional<CatalogueModel> known =
                    ModelCatalogue.read(models.resolve("catalogue.yaml")).find(folder.name());
            if (known.isEmpty() || !folder.imageTower().startsWith(place)) {
                return Diagnosis.good("model", folder.name() + ", not in the catalogue: its sums are not known");
            }
            List<String> faults = ModelInstaller.faults(place, known.get());
            return faults.isEmpty()
                    ? Diagnosis.good("model", folder.name() + ", its files are as the catalogue says")
                    : Diagnosis.fault(
                            "model",
                            folder.name() + ": " + String.join(", ", faults),
                            "remove " + place + " and run ./vitrine model install " + folder.name());
        } catch (ModelException | InstallException | IOException e) {
            return Diagnosis.fault("model", e.getMessage(), "see VITRINE_MODEL, ./vitrine model list");
        }
    }
}
