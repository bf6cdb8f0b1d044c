package dev.vitrine.cli;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.Device;
import dev.vitrine.clip.EncodeTimeoutException;
import dev.vitrine.clip.EncoderOptions;
import dev.vitrine.clip.EncodingException;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.clip.install.CatalogueModel;
import dev.vitrine.clip.install.InstallException;
import dev.vitrine.clip.install.ModelInstaller;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model check}: compares a model's files with the catalogue and runs it. */
@Command(
        name = "check",
        description = "Compare a model's files with the catalogue, then run it on a test picture and a text.",
        mixinStandardHelpOptions = true)
public final class ModelCheckCommand implements Callable<Integer> {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int RUNS = 5;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "A model's name, folder or .onnx file; otherwise what VITRINE_MODEL says.")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Map<String, String> environment = System.getenv();
        ModelHome home = new ModelHome();
        try {
            String setting = name != null ? name : environment.getOrDefault("VITRINE_MODEL", "auto");
            ModelFolder folder = home.installed().resolve(setting);
            out.println(folder.name() + (folder.isDemo() ? " (demo model): " : ": ") + folder.imageTower());

            Path place = home.installed().folder().resolve(folder.name());
            if (folder.imageTower().startsWith(place)) {
                List<String> faults = compare(home, folder, place, out);
                if (!faults.isEmpty()) {
                    faults.forEach(err::println);
                    err.println("Remove " + place + " and run './vitrine model install " + folder.name() + "'");
                    return 1;
                }
            }
            run(folder, Device.of(environment.getOrDefault("VITRINE_DEVICE", "cpu")), home.cache(environment), out);
            return 0;
        } catch (ModelException | InstallException | EncodingException | IllegalArgumentException e) {
            err.println(e.getMessage());
        } catch (IOException e) {
            err.println("Reading the model failed: " + e.getMessage());
        } finally {
            out.flush();
            err.flush();
        }
        return 1;
    }

    private static List<String> compare(ModelHome home, ModelFolder folder, Path place, PrintWriter out)
            throws IOException {
        Optional<CatalogueModel> known = home.catalogue().find(folder.name());
        if (known.isEmpty()) {
            out.println("files: not in the catalogue, so there is nothing to compare them with");
            return List.of();
        }
        List<String> faults = ModelInstaller.faults(place, known.get());
        if (faults.isEmpty()) {
            long verified = known.get().files().stream()
                    .filter(file -> file.sha256().isPresent())
                    .count();
            out.println("files: " + known.get().files().size() + " present, " + verified + " with a SHA-256, all as the"
                    + " catalogue says");
        }
        return faults;
    }

    private static void run(ModelFolder folder, Device device, Path cache, PrintWriter out)
            throws InterruptedException {
        EncoderOptions options = new EncoderOptions(1, 1, device, DEADLINE);
        try (ClipModel model = ClipModel.open(folder, options, "", true, cache)) {
            long start = System.nanoTime();
            for (int i = 0; i < RUNS; i++) {
                model.images().check(DEADLINE);
            }
            out.println("pictures: " + model.dimensions() + " dimensions, " + model.inputSide() + " x "
                    + model.inputSide() + " pixels, " + milliseconds(start) / RUNS + " ms each on one thread");
            if (model.hasTexts()) {
                start = System.nanoTime();
                model.texts().orElseThrow().embed("a red shoe");
                out.println("texts: work, " + milliseconds(start) + " ms with loading");
            } else {
                out.println("texts: the model has no text tower, so searches are by picture only");
            }
        } catch (EncodeTimeoutException e) {
            throw new ModelException("No vector within " + DEADLINE.toSeconds() + " s; is the machine overloaded?", e);
        }
    }

    private static long milliseconds(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
