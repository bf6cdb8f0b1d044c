package dev.vitrine.cli;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.catalogue.read.Catalogues;
import dev.vitrine.catalogue.read.Format;
import dev.vitrine.catalogue.sync.CatalogueFile;
import dev.vitrine.catalogue.sync.HostPauses;
import dev.vitrine.catalogue.sync.ImageBase;
import dev.vitrine.catalogue.sync.ImportCounts;
import dev.vitrine.catalogue.sync.ImportOptions;
import dev.vitrine.catalogue.sync.ImportSpace;
import dev.vitrine.catalogue.sync.Importer;
import dev.vitrine.catalogue.sync.PictureSource;
import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.http.outbound.OutboundHttp;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a whole catalogue into a service. */
@Command(
        name = "import",
        description = {
            "Brings a catalogue into the service: a shop's export, a table, JSON Lines or a folder of pictures.",
            "Run it again with the next export, or after an interruption: only what is new is sent."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private static final int MOST_AT_ONCE_A_HOST = 4;
    private static final int THREADS = 12;

    /** Long enough for every picture before it. */
    private static final Duration TURN_PATIENCE = Duration.ofMinutes(10);

    @Parameters(paramLabel = "PATH|URL", description = "the catalogue: a file, a folder or a URL")
    private String catalogue;

    @Option(names = "--format", paramLabel = "F", description = "what it is, where that is not found out by itself")
    private String format;

    @Option(
            names = "--map",
            split = ",",
            paramLabel = "FIELD=COLUMN",
            description = "a table's columns: --map product_id=SKU,name=Title,image=Photo,image_id=View")
    private Map<String, String> map = new TreeMap<>();

    @Option(
            names = "--image-base",
            paramLabel = "PATH|URL",
            description = "where relative pictures are; default is beside the catalogue")
    private String imageBase;

    @Option(names = "--name", paramLabel = "NAME", description = "the catalogue's name, where its file's name changes")
    private String name;

    @Option(names = "--include-hidden", description = "takes drafts and hidden products, too")
    private boolean includeHidden;

    @Option(names = "--dry-run", description = "only says what would be done")
    private boolean dryRun;

    @Option(
            names = "--delete-missing",
            description = "removes what an earlier import brought and the catalogue has no more")
    private boolean deleteMissing;

    @Option(names = "--yes", description = "also where that is more than a tenth")
    private boolean yes;

    @Option(names = "--again", description = "forgets what was sent before and sends everything")
    private boolean again;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "where failures are written; default is beside the catalogue")
    private Path report;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "where it is remembered what was sent; default is imports/ in the data folder")
    private Path state;

    @Option(
            names = "--fetch-hosts",
            split = ",",
            paramLabel = "HOST",
            description = "hosts of pictures that are not on the public internet, as VITRINE_FETCH_HOSTS lists them")
    private List<String> hosts = List.of();

    @Mixin
    private TargetOptions against;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = Main.settings(Map.of());
        Format said = said();
        try (StopSignal signal = new StopSignal(OptionalInt.empty())) {
            try {
                return run(settings, said, signal);
            } catch (Exception e) {
                if (!signal.isGiven() && !(e instanceof InterruptedException)) {
                    throw e;
                }
                // whatever broke off; said before the signal ends the process
                spec.commandLine()
                        .getErr()
                        .println("vitrine: Interrupted; the same command goes on where this one stopped");
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
    }

    private int run(Settings settings, Format said, StopSignal signal) throws Exception {
        ServiceClient client = against.client(settings);
        boolean isThere = against.isNamed() || ImportService.answers(client);
        try (Vitrine own = isThere || dryRun ? null : started(settings)) {
            signal.arm();
            ImportService.check(client, dryRun);
            return said == null && !dryRun && ExportImport.isOne(catalogue)
                    ? restore(client)
                    : run(settings, said, client);
        }
    }

    private Vitrine started(Settings settings) {
        spec.commandLine().getErr().println("No service is running here, so one is started for this import");
        return Vitrine.start(settings);
    }

    /** An export has its vectors, so nothing of it is fetched or embedded. */
    private int restore(ServiceClient client) throws Exception {
        long taken = new ExportImport(client).run(Path.of(catalogue));
        spec.commandLine().getOut().println("The index has taken " + taken + " pictures with their vectors.");
        return 0;
    }

    private Format said() {
        if (format == null) {
            return null;
        }
        return Format.named(format)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "There is no format " + format + "; the formats are " + Format.options()));
    }

    private int run(Settings settings, Format said, ServiceClient client) throws Exception {
        HttpTarget target = new HttpTarget(client);
        Path remembered = state == null ? settings.dataDir().resolve("imports") : state;
        Vertx vertx = Vertx.vertx();
        try (ImportSpace space = ImportSpace.open(remembered.resolve(CatalogueFile.folderName(target.id())));
                OutboundHttp http = new OutboundHttp(vertx, allowed());
                ImportView view = new ImportView(spec.commandLine().getErr(), TerminalProgress.isWatched())) {
            FileFetch fetch = new FileFetch(http, MOST_AT_ONCE_A_HOST, TURN_PATIENCE);
            CatalogueFile file = CatalogueFile.of(catalogue, fetch, space.fetched());
            PictureSource source = new PictureSource(
                    fetch,
                    new HostPauses(Clock.systemUTC()),
                    imageBase == null ? file.imageBase() : base(imageBase),
                    space.fetched(),
                    settings.intake().maxUploadBytes());
            Path failures = report == null ? file.report() : report;
            if (Files.exists(failures) && Files.isSameFile(failures, file.path())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--report names the catalogue itself, which would be lost; name another file");
            }
            Importer importer = new Importer(space.folder(), new Catalogues(said, map), source, target, view);
            ImportOptions options = new ImportOptions(
                    name == null ? file.name() : name,
                    includeHidden,
                    dryRun,
                    deleteMissing,
                    yes,
                    again,
                    failures,
                    THREADS);
            Importer.Outcome outcome = importer.run(file.path(), options);
            view.close();
            say(outcome);
            return outcome.isComplete() ? 0 : 1;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private AllowedHosts allowed() {
        for (String host : hosts) {
            if (!AllowedHosts.ENTRY.matcher(host).matches()) {
                throw new ParameterException(
                        spec.commandLine(), "--fetch-hosts " + host + ": " + AllowedHosts.ENTRY_RULE);
            }
        }
        return AllowedHosts.everyPublic("--fetch-hosts", hosts, NameResolver.SYSTEM);
    }

    private static ImageBase base(String text) {
        return ImageBase.isUrl(text) ? ImageBase.url(URI.create(text).toString()) : ImageBase.folder(Path.of(text));
    }

    private void say(Importer.Outcome outcome) throws CommandFailedException {
        PrintWriter out = spec.commandLine().getOut();
        ImportCounts counts = outcome.counts();
        out.println((dryRun ? "Would send " : "Sent ") + counts.sent() + " pictures"
                + (dryRun ? "" : ", of which " + counts.indexed() + " are indexed") + "; "
                + (dryRun ? "would change the details of " : "changed the details of ") + counts.updated() + "; "
                + counts.unchanged() + (dryRun ? " are known" : " unchanged") + "; " + counts.skipped() + " hidden; "
                + counts.withoutPicture() + " products without a picture; " + counts.failed() + " failed.");
        if (counts.missing() > 0) {
            out.println(
                    counts.deleted() > 0
                            ? "Deleted " + counts.deleted() + " pictures that the catalogue has no more."
                            : "The catalogue has " + counts.missing() + " pictures of earlier imports no more"
                                    + (deleteMissing ? "." : "; --delete-missing removes them."));
        }
        outcome.report()
                .ifPresent(file ->
                        out.println("What failed is in " + file + "; mend the rows there and import that file."));
        out.flush();
        if (outcome.refusal().isPresent()) {
            throw new CommandFailedException(outcome.refusal().get());
        }
    }
}
