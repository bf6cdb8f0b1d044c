package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.Settings;
import dev.vitrine.cli.doctor.Doctor;
import dev.vitrine.cli.doctor.RunningService;
import dev.vitrine.cli.doctor.SupportBundle;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything that the service needs, whether it runs or not. */
@Command(
        name = "doctor",
        description = {
            "Looks at what the service needs: Redis, Qdrant, PostgreSQL, disk, clocks, model, port, files.",
            "Changes nothing, and says what to do; run it with the settings and as the user of the service.",
            "Exit code 0 where nothing is at fault, 1 otherwise, 2 on wrong usage; advice alone is no fault."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "also writes a zip file for whoever helps, without keys, passwords, pictures and products")
    private Path bundle;

    @Option(names = "--json", description = "prints JSON, for programs")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        Settings settings = Main.settings(Map.of());
        RunningService service = new RunningService(path -> answer(settings, path));
        List<Diagnosis> all = new Doctor(settings, service, Clock.systemUTC()).examine();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ReadOptions.print(all, out);
        } else {
            print(all, out);
        }
        if (bundle != null) {
            write(settings, service, all);
            spec.commandLine()
                    .getErr()
                    .println("The support bundle is " + bundle + "; look into it before you send it.");
        }
        return all.stream().anyMatch(one -> one.verdict() == Verdict.FAULT) ? 1 : 0;
    }

    private static Optional<JsonNode> answer(Settings settings, String path) {
        try {
            return Optional.of(ClientOptions.own(settings.http()).get(path).body())
                    .filter(body -> !body.isMissingNode());
        } catch (CommandFailedException e) {
            return Optional.empty(); // it does not run, or something else is there
        }
    }

    private void write(Settings settings, RunningService service, List<Diagnosis> all) throws CommandFailedException {
        try {
            new SupportBundle(
                            Settings.source(settings.home(), System.getenv()),
                            Settings.ALL,
                            settings.dataDir(),
                            service)
                    .write(bundle, new Main.Version().getVersion()[0], all);
        } catch (IOException e) {
            throw new CommandFailedException("The bundle " + bundle + " cannot be written ("
                    + e.getClass().getSimpleName() + "); name a file in a folder that is there and may be written");
        }
    }

    private static void print(List<Diagnosis> all, PrintWriter out) {
        Table table = new Table("CHECK", "", "FOUND");
        all.forEach(one -> table.row(one.subject(), word(one.verdict()), one.found()));
        table.print(out, Table.terminal());
        Map<String, String> todo = new LinkedHashMap<>();
        all.stream().filter(one -> !one.advice().isEmpty()).forEach(one -> todo.put(one.subject(), one.advice()));
        long faults = all.stream().filter(one -> one.verdict() == Verdict.FAULT).count();
        out.println();
        if (!todo.isEmpty()) {
            out.println("What to do:");
            todo.forEach((subject, advice) -> out.println("  " + subject + ": " + advice));
            out.println();
        }
        out.println(faults == 0 ? "Nothing is at fault." : faults == 1 ? "One fault." : faults + " faults.");
        out.flush();
    }

    private static String word(Verdict verdict) {
        return verdict == Verdict.GOOD ? "ok" : verdict.name().toLowerCase(Locale.ROOT);
    }
}
