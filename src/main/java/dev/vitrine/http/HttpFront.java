package dev.vitrine.http;

import dev.vitrine.http.Problems.Problem;
import dev.vitrine.http.events.EventStreams;
import dev.vitrine.http.keys.Access;
import dev.vitrine.http.limits.RateGate;
import dev.vitrine.http.tls.Tls;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * The HTTP server that the routes' {@code platform-http} endpoints listen on. Camel's own takes no options: form fields
 * longer than 8 KB are cut off there, a slow client is never dropped, an error has an empty or HTML body, and a port that
 * is taken is only logged. The Vert.x instance comes from the registry and is closed by whoever bound it.
 */
public final class HttpFront extends VertxPlatformHttpServer {

    /** Each piece of a file that arrives is a write of its own. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private static final int IDLE_SECONDS = 60;
    private static final long SWEEP_MILLIS = 5_000;
    private static final long CLOSE_SECONDS = 5;

    /** Requests of one path: that are worked on at once, and that wait. */
    private static final int LANE_WIDTH = 32;

    private static final int LANE_WAITING = 128;
    private static final Duration LANE_PATIENCE = Duration.ofSeconds(10);

    private static final Duration BODY_GRACE = Duration.ofSeconds(30);

    private final ProblemWriter problems = new ProblemWriter();
    private final String uploads;
    private final HttpGate gate;
    private final Access access;
    private final long maxBodyBytes;
    private final Cors cors;
    private final Origins origins;
    private final Lanes lanes = new Lanes(LANE_WIDTH, LANE_WAITING, LANE_PATIENCE);
    private final Visits visits;
    private final FormLimits formLimits;
    private final RouteEngine engine;
    private final Connections connections = Connections.thatFit();
    private final EventStreams events;
    private final Optional<Tls> tls;
    private final Optional<RateGate> rates;
    private VertxPlatformHttpRouter router;
    private Methods methods;
    private HttpServer server;
    private long sweep;

    /**
     * @param configuration where to listen
     * @param settings what else an installation decides
     * @param uploads the folder that files are received in
     * @param formLimits how large a form may be
     * @param gate holds requests back
     * @param access says who is let in
     * @param visits the requests that are inside a route
     * @param engine connects the routes to this server; Camel takes the one in its registry
     * @param events tells what happens
     * @param tls makes it HTTPS
     * @param rates says how often a caller may ask
     */
    public HttpFront(
            VertxPlatformHttpServerConfiguration configuration,
            HttpSettings settings,
            Path uploads,
            FormLimits formLimits,
            HttpGate gate,
            Access access,
            Visits visits,
            RouteEngine engine,
            EventStreams events,
            Optional<Tls> tls,
            Optional<RateGate> rates) {
        super(configuration);
        this.uploads = uploads.toString();
        this.formLimits = formLimits;
        this.gate = gate;
        this.access = access;
        this.visits = visits;
        this.engine = engine;
        this.events = events;
        this.tls = tls;
        this.rates = rates;
        this.maxBodyBytes = settings.maxBodyBytes();
        this.cors = new Cors(settings.corsOrigins());
        this.origins = new Origins(settings.host(), settings.hosts(), cors, access::areKeysInForce);
    }

    @Override
    protected void initializeServer() {
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(getConfigurationPort());
        Handler<RoutingContext> receiver =
                new BodyReceiver(getVertx(), uploads, formLimits, maxBodyBytes, BODY_GRACE, this::enter);
        router = new VertxPlatformHttpRouter(this, getVertx(), Router.router(getVertx()), name) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return receiver;
            }
        };
        methods = new Methods(router);
        getCamelContext().getRegistry().bind(name, router);
        try {
            getCamelContext().addService(engine);
        } catch (Exception e) {
            throw new IllegalStateException("The server cannot be connected to routes", e);
        }
    }

    @Override
    public HttpServer getServer() {
        return server;
    }

    @Override
    public int getPort() {
        return server == null ? getConfigurationPort() : server.actualPort();
    }

    @Override
    protected void startServer() {
        router.route().order(-1).handler(this::refuseUnlessRunning);
        events.serve(router, getVertx(), access::isStillLetIn);
        new RouterErrors(problems, methods).serve(router);
        HttpServerOptions options = new HttpServerOptions()
                .setMaxFormAttributeSize(BodyWatch.MAX_FIELD_BYTES)
                .setMaxChunkSize(CHUNK_BYTES)
                .setMaxInitialLineLength(StrictDecoder.MAX_LINE_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        tls.ifPresent(https -> https.applyTo(options));
        HttpServer created = getVertx()
                .createHttpServer(options)
                .connectionHandler(connection -> {
                    StrictDecoder.install(connection, options);
                    connections.opened(connection);
                })
                .invalidRequestHandler(this::invalid)
                .requestHandler(this::arrive);
        sweep = getVertx()
                .setPeriodic(SWEEP_MILLIS, time -> connections.closeIdle(TimeUnit.SECONDS.toNanos(IDLE_SECONDS)));
        try {
            created.listen(getConfigurationPort(), getHost())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            String why = e.getCause() instanceof BindException ? "is in use or not on this machine" : "cannot be used";
            throw new IllegalStateException(
                    "The address " + getHost() + ":" + getConfigurationPort() + " " + why
                            + "; set VITRINE_HTTP_PORT or VITRINE_HTTP_HOST",
                    e.getCause());
        }
        server = created;
    }

    @Override
    protected void stopServer() {
        if (server != null) {
            getVertx().cancelTimer(sweep);
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(failure -> null)
                    .join();
            server = null;
        }
    }

    /** A request's head has come. */
    private void arrive(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        cors.mark(request);
        connections.began(request.connection());
        String path = request.path() == null ? "/" : request.path();
        Optional<Problem> refusal = origins.refusal(request);
        if (refusal.isPresent()) {
            answer(request, refusal.get());
            return;
        }
        if (cors.isPreflight(request)) {
            cors.allow(request, methods.of(path));
            connections.ended(request.connection());
            return;
        }
        Access.Decision decision = access.decide(request);
        if (!decision.isLetIn()) {
            if (decision.status() == 401) {
                response.putHeader("WWW-Authenticate", "Bearer realm=\"vitrine\"");
            }
            answer(request, Problems.problem(decision.status(), decision.detail(), List.of()));
            return;
        }
        access.introduce(request, decision.caller());
        if (rates.isEmpty()) {
            pass(request, path);
            return;
        }
        rates.get()
                .arrive(
                        getVertx(),
                        request,
                        decision.caller(),
                        () -> pass(request, path),
                        why -> answer(request, Problems.problem(429, why, List.of())));
    }

    /** A request may come in. */
    private void pass(HttpServerRequest request, String path) {
        HttpServerResponse response = request.response();
        HttpServerRequest asked = request;
        if (request.method() == HttpMethod.OPTIONS && !methods.has(path, HttpMethod.OPTIONS)) {
            Set<String> allowed = methods.of(path);
            if (!allowed.isEmpty()) {
                response.setStatusCode(204)
                        .putHeader("Allow", String.join(", ", allowed))
                        .end();
                connections.ended(request.connection());
                return;
            }
        } else if (request.method() == HttpMethod.HEAD && !methods.has(path, HttpMethod.HEAD)) {
            asked = new HeadRequest(request);
        }
        gate.arrive(
                getVertx(),
                asked,
                router,
                late -> answer(late, Problems.problem(503, "The routes are being exchanged; ask again.", List.of())));
    }

    /** Answers a request that the router has not seen. */
    private void answer(HttpServerRequest request, Problem problem) {
        Leftover.announce(request);
        problems.write(request.response(), problem);
        Leftover.drain(getVertx(), request);
        connections.ended(request.connection());
    }

    /** A request whose head cannot be read. */
    private void invalid(HttpServerRequest request) {
        Throwable why = request.decoderResult().cause();
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
        }
        problems.write(
                request.response(),
                Problems.problem(400, "The head of the request cannot be read: " + why.getMessage(), List.of()));
        request.connection().close();
    }

    /** Lets a request into its route when its lane has room, if that is still the one that its path has. */
    private void enter(RoutingContext context, Runnable route) {
        String lane = context.currentRoute().getPath();
        lanes.enter(
                getVertx(),
                lane,
                context,
                () -> {
                    visits.enter(context, () -> lanes.leave(lane));
                    gate.enter(getVertx(), context, () -> run(context, route));
                },
                () -> problems.write(
                        context.response(),
                        Problems.problem(503, "Too many requests of this kind at once; ask again.", List.of())));
    }

    private void run(RoutingContext context, Runnable route) {
        if (router.getRoutes().contains(context.currentRoute())) {
            route.run();
        } else {
            problems.write(
                    context.response(),
                    Problems.problem(
                            503, "The routes were exchanged while this request arrived; send it again.", List.of()));
        }
    }

    /** While routes come up or go down a client is told to come back, not that there is nothing here. */
    private void refuseUnlessRunning(RoutingContext context) {
        context.addEndHandler(end -> connections.ended(context.request().connection()));
        if (getCamelContext().isStarted()) {
            context.next();
        } else {
            if (context.request().version() != HttpVersion.HTTP_2) {
                context.response().putHeader("Connection", "close");
            }
            problems.write(
                    context.response(),
                    Problems.problem(503, "The service is starting or stopping; ask again.", List.of()));
        }
    }
}
