package dev.vitrine.catalogue;

import dev.vitrine.api.ApiPart;
import dev.vitrine.catalogue.sync.HostPauses;
import dev.vitrine.catalogue.sync.ImageBase;
import dev.vitrine.catalogue.sync.PictureSource;
import dev.vitrine.http.HttpPart;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.intake.IntakeSettings;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.reindex.ReindexPart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Imports of whole catalogues. */
public final class ImportsPart implements Part {
    private static final int MOST_AT_ONCE_A_HOST = 4;

    /** Long enough for every picture before it. */
    private static final Duration TURN_PATIENCE = Duration.ofMinutes(10);

    private final IntakeSettings intake;
    private final Path folder;
    private final HttpPart http;
    private final ApiPart api;
    private final Clock clock;
    private final List<OutboundHttp> outbound = new ArrayList<>();
    private volatile Optional<Function<Path, PictureSource>> sources = Optional.empty();
    private Optional<Imports> imports = Optional.empty();

    /**
     * @param folder where imports are kept
     * @param reindex may take pictures once more from where imports had them
     */
    public ImportsPart(
            IntakeSettings intake, Path folder, HttpPart http, ApiPart api, ReindexPart reindex, Clock clock) {
        this.intake = intake;
        this.folder = folder;
        this.http = http;
        this.api = api;
        this.clock = clock;
        reindex.takeFrom(new ImportedPictures(folder, () -> sources));
    }

    @Override
    public void open() {
        http.allow(
                "/imports",
                intake.maxCatalogueBytes(),
                "(VITRINE_MAX_CATALOGUE and the form around it). Send it compressed with gzip, or its URL.");
        OutboundHttp client = http.outbound(intake.fetchHosts());
        FileFetch fetch = new FileFetch(client, MOST_AT_ONCE_A_HOST, TURN_PATIENCE);
        // Only an administrator asks for them, and imports have asked their hosts before.
        OutboundHttp again = http.outbound(intake.fetchHosts().andEveryPublic());
        FileFetch fetchAgain = new FileFetch(again, MOST_AT_ONCE_A_HOST, TURN_PATIENCE);
        sources = Optional.of(into ->
                new PictureSource(fetchAgain, new HostPauses(clock), ImageBase.none(), into, intake.maxUploadBytes()));
        ImportFolder kept = new ImportFolder(folder.resolve("runs"));
        outbound.addAll(List.of(client, again));
        imports = Optional.of(new Imports(
                kept,
                new ImportWorker(kept, folder, () -> fetch, intake.maxUploadBytes(), clock),
                http.multipart(),
                url -> refusal(client, url),
                (routes, begun) -> new RouteTarget(routes, api.jobs(), api.products(), api.productChanges(), begun),
                clock));
    }

    private static String refusal(OutboundHttp client, String url) {
        try {
            client.check(url);
            return null;
        } catch (ForbiddenUrlException e) {
            return e.getMessage();
        }
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(Offer.of("imports", Imports.class, () -> imports.orElseThrow()));
    }

    @Override
    public void close() {
        imports.ifPresent(Imports::close);
        outbound.forEach(OutboundHttp::close);
    }
}
