package dev.vitrine.cli.doctor;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.history.HistoryExamination;
import dev.vitrine.index.IndexExamination;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.queue.RedisExamination;
import dev.vitrine.reload.RouteFolders;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteSource;
import dev.vitrine.store.BucketExamination;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Looks at everything that an installation needs, whether the service runs or not. It changes nothing. */
public final class Doctor {
    private final Settings settings;
    private final RunningService service;
    private final Clock clock;

    /** @param service the service of this installation, which may not run */
    public Doctor(Settings settings, RunningService service, Clock clock) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
    }

    /** What is seen, in the order in which an operator would mend it. */
    public List<Diagnosis> examine() {
        // What other machines say is waited for, some seconds each where they are away; so they are asked at once.
        List<CompletableFuture<List<Diagnosis>>> asked = List.of(
                asked(() -> new RedisExamination(settings.redis(), clock).run()),
                asked(() -> new IndexExamination(settings.index()).run()),
                asked(() -> new BucketExamination(
                                "spool",
                                "VITRINE_SPOOL",
                                settings.spool().bucket(),
                                settings.spool().s3(),
                                clock)
                        .run()),
                asked(() -> new BucketExamination(
                                "archive",
                                "VITRINE_ARCHIVE",
                                settings.archive().bucket(),
                                settings.archive().s3(),
                                clock)
                        .run()),
                asked(() -> new HistoryExamination(
                                settings.history(),
                                settings.dataDir().resolve("history"),
                                settings.role() == Settings.Role.ALL,
                                clock)
                        .run()));
        List<Diagnosis> all = new ArrayList<>();
        settings.unknown()
                .forEach(sentence -> all.add(Diagnosis.advice("settings", sentence, "mend its name, or take it out")));
        all.addAll(new MachineExamination(settings.http(), service.answers()).run());
        all.addAll(new FolderExamination(settings).run());
        all.add(new ModelExamination(
                        settings.home().resolve("models"), settings.model().model())
                .run());
        all.add(routes());
        asked.forEach(some -> all.addAll(some.join()));
        all.addAll(service.parts());
        return all;
    }

    private static CompletableFuture<List<Diagnosis>> asked(Supplier<List<Diagnosis>> questions) {
        return CompletableFuture.supplyAsync(questions);
    }

    private Diagnosis routes() {
        try {
            List<RouteSource> sources = new ArrayList<>();
            for (Path file : new RouteFolders(settings.home()).read().keySet()) {
                sources.add(RouteSource.read(file));
            }
            List<Finding> findings = Vitrine.checkRoutes(settings, sources);
            return findings.isEmpty()
                    ? Diagnosis.good("routes", sources.size() + " files are good")
                    : Diagnosis.fault("routes", findings.size() + " problems", "./vitrine check shows them");
        } catch (Exception e) {
            return Diagnosis.fault("routes", "they cannot be read: " + e.getMessage(), "./vitrine check says more");
        }
    }
}
