package dev.vitrine.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.events.EventStreams;
import dev.vitrine.http.keys.Access;
import dev.vitrine.http.keys.Keys;
import dev.vitrine.http.keys.KeysFile;
import dev.vitrine.http.limits.RateGate;
import dev.vitrine.http.limits.Rates;
import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.http.tls.Tls;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.reload.Entrance;
import dev.vitrine.settings.InvalidSettingException;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/** The HTTP server and what requests pass. */
public final class HttpPart implements Part {
    private static final int FORM_OVERHEAD_BYTES = 256 * 1024;

    /** Far beyond what all lanes together let in. */
    private static final int MOST_WORKERS = 10_000;

    /** A thread that works for one request so long is said in the log; a download and an encoder that hangs take less. */
    private static final long LONG_WORK_SECONDS = 180;

    private static final long CLOSE_SECONDS = 5;

    private final HttpSettings settings;
    private final FormLimits formLimits;
    private final Path uploads;
    private final String mainCollection;
    private final Supplier<Optional<ProxyManager<byte[]>>> buckets;
    private final MeterRegistry meters;
    private final HttpGate gate = new HttpGate();
    private final Visits visits = new Visits();
    private final RouteEngine engine = new RouteEngine(visits, this::access, gate, this::begun);
    private final EventStreams events = new EventStreams();
    private final Multipart multipart;
    private final Parameters parameters;
    private volatile RequestTraces traces = RequestTraces.NONE;
    private volatile FormRules formRules = (fields, file, errors) -> {};
    private Vertx vertx;
    private Access access;
    private Optional<Tls> tls = Optional.empty();
    private Optional<RateGate> rates = Optional.empty();

    /**
     * @param maxUploadBytes size of a file in a request, at most
     * @param uploads the folder that files are received in
     * @param fields of the form of an upload
     * @param parameterRules for the values of the API's query parameters
     * @param mainCollection what the API's own paths touch
     * @param buckets those of callers that processes share, asked for when this opens; empty where this one is alone
     */
    public HttpPart(
            HttpSettings settings,
            long maxUploadBytes,
            Path uploads,
            List<String> fields,
            ParameterRules parameterRules,
            String mainCollection,
            Supplier<Optional<ProxyManager<byte[]>>> buckets,
            MeterRegistry meters) {
        this.settings = settings;
        this.formLimits = new FormLimits(maxUploadBytes + FORM_OVERHEAD_BYTES);
        this.uploads = uploads;
        this.mainCollection = mainCollection;
        this.buckets = buckets;
        this.meters = meters;
        this.multipart = new Multipart(fields, this::checkForm, visits);
        this.parameters = new Parameters(parameterRules);
    }

    @Override
    public void open() throws IOException {
        Keys keys = new Keys(settings.apiKey(), new KeysFile(settings.keysFile()), Clock.systemUTC());
        if (!settings.isLoopback() && !keys.areInForce()) {
            throw new InvalidSettingException("VITRINE_HTTP_HOST=" + settings.host() + " lets other machines in, and"
                    + " there is no key: set VITRINE_API_KEY or make one with ./vitrine key create, or listen on"
                    + " 127.0.0.1");
        }
        access = new Access(keys, mainCollection, meters);
        VertxOptions options = new VertxOptions()
                .setWorkerPoolSize(MOST_WORKERS)
                .setMaxWorkerExecuteTime(LONG_WORK_SECONDS)
                .setMaxWorkerExecuteTimeUnit(TimeUnit.SECONDS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        vertx = new VertxBuilder(options)
                .executorServiceFactory(new ElasticThreads(MOST_WORKERS))
                .init()
                .vertx();
        rates = settings.rateLimit().map(limit -> new RateGate(new Rates(limit, buckets.get()), meters));
        tls = settings.tls().map(files -> new Tls(files, vertx, meters, Clock.systemUTC()));
    }

    /** Takes the rules for the values of an upload's form from the part that has them. */
    public void use(FormRules rules) {
        formRules = rules;
    }

    /**
     * Lets the forms of a path have a file of another size than uploads.
     *
     * @param advice in brackets the setting that this comes from, then what to do
     */
    public void allow(String path, long fileBytes, String advice) {
        formLimits.put(path, new FormLimits.Limit(fileBytes + FORM_OVERHEAD_BYTES, advice, Integer.MAX_VALUE));
    }

    /** Lets only so many forms of more than a megabyte come to a path, or be worked on there, at once. */
    public void boundLarge(String path, int most) {
        formLimits.bound(path, most);
    }

    /** Says where requests are traced. */
    public void trace(RequestTraces requests) {
        traces = requests;
    }

    private RequestTraces.Request begun(String method, String route, UnaryOperator<String> headers) {
        return traces.begun(method, route, headers);
    }

    private void checkForm(Map<String, Object> fields, File file, FieldErrors errors) throws IOException {
        formRules.check(fields, file, errors);
    }

    /** The server, for Camel to start and to stop. */
    public HttpFront server() {
        VertxPlatformHttpServerConfiguration http = new VertxPlatformHttpServerConfiguration();
        http.setBindHost(settings.host());
        http.setBindPort(settings.port());
        return new HttpFront(http, settings, uploads, formLimits, gate, access, visits, engine, events, tls, rates);
    }

    /** Reaches hosts that strangers may name, from when this part is open until it closes. */
    public OutboundHttp outbound(AllowedHosts hosts) {
        return new OutboundHttp(vertx, hosts);
    }

    /** Tells those that watch what happens. */
    public EventStreams events() {
        return events;
    }

    private Access access() {
        return access;
    }

    /** Where requests wait while routes are exchanged. */
    public Entrance gate() {
        return gate;
    }

    /** Reads forms. */
    public Multipart multipart() {
        return multipart;
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("json", ObjectMapper.class, ObjectMapper::new, ObjectMapper::new),
                Offer.of(
                        PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, RouteEngine.class, () -> engine, () -> engine),
                Offer.of("vertx", Vertx.class, () -> vertx),
                Offer.of("multipart", Multipart.class, this::multipart),
                Offer.of("parameters", Parameters.class, () -> parameters),
                Offer.of("answers", Answers.class, Answers::new),
                Offer.of("callerView", CallerView.class, () -> new CallerView(this::access)),
                Offer.of("openApi", OpenApiDocument.class, OpenApiDocument::new),
                Offer.of("apiDocs", WebFiles.class, WebFiles::ofApiDocs),
                Offer.of("page", WebFiles.class, WebFiles::ofPage));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.http.host", settings.host(), "vitrine.http.port", Integer.toString(settings.port()));
    }

    @Override
    public List<Probe> probes() {
        return tls.map(https -> List.of(Probe.informative("tls", https::check))).orElse(List.of());
    }

    @Override
    public void close() {
        tls.ifPresent(Tls::close);
        rates.ifPresent(RateGate::close);
        if (vertx != null) {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }
}
