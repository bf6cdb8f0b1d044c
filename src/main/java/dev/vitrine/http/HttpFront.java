package dev.vitrine.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.Problems.Problem;
import io.vertx.core.Handler;
import io.vertx.core.file.FileSystemException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that the routes' {@code platform-http} endpoints listen on. Camel's own takes no options: form fields
 * longer than 8 KB are cut off there, a slow client is never dropped, an error has an empty or HTML body, and a port that
 * is taken is only logged. The Vert.x instance comes from the registry and is closed by whoever bound it.
 */
public final class HttpFront extends VertxPlatformHttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    private static final int MAX_FORM_FIELD_BYTES = 64 * 1024;

    /** Each piece of a file that arrives is a write of its own. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private static final int IDLE_SECONDS = 60;
    private static final long CLOSE_SECONDS = 5;

    private static final String DISK = "The service cannot write to its disk; ask again later.";

    private static final Map<Integer, String> DETAILS = Map.of(
            400, "The request cannot be read: its body is cut off, malformed, or has a field longer than 64 KB.",
            404, "There is nothing at this path.",
            405, "This path does not take this method.",
            408, "The rest of the request did not come within 10 s; send it again.",
            413, "The request is larger than VITRINE_MAX_UPLOAD allows; send a smaller picture.",
            415, "This path does not take this media type.",
            503, DISK);

    private final ObjectMapper json = new ObjectMapper();
    private final String uploads;
    private final HttpGate gate;
    private VertxPlatformHttpRouter router;
    private HttpServer server;

    /**
     * @param configuration where to listen, and how large a request may be
     * @param uploads the folder that files are received in
     * @param gate holds requests back
     */
    public HttpFront(VertxPlatformHttpServerConfiguration configuration, Path uploads, HttpGate gate) {
        super(configuration);
        this.uploads = uploads.toString();
        this.gate = gate;
    }

    @Override
    protected void initializeServer() {
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(getConfigurationPort());
        Handler<RoutingContext> receiver = new BodyReceiver(getVertx(), uploads, getMaxBodySize(), this::enter);
        router = new VertxPlatformHttpRouter(this, getVertx(), Router.router(getVertx()), name) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return receiver;
            }
        };
        getCamelContext().getRegistry().bind(name, router);
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
        for (int status : new int[] {400, 404, 405, 408, 413, 415, 500, 503}) {
            router.errorHandler(status, context -> answer(context, status));
        }
        HttpServerOptions options = new HttpServerOptions()
                .setMaxFormAttributeSize(MAX_FORM_FIELD_BYTES)
                .setMaxChunkSize(CHUNK_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        HttpServer created = getVertx()
                .createHttpServer(options)
                .requestHandler(request -> gate.arrive(getVertx(), request, router, this::tooLate));
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
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(failure -> null)
                    .join();
            server = null;
        }
    }

    /** Lets a request into its route, if that is still the one that its path has. */
    private void enter(RoutingContext context, Runnable route) {
        gate.enter(getVertx(), context, () -> {
            if (router.getRoutes().contains(context.currentRoute())) {
                route.run();
            } else {
                write(
                        context,
                        Problems.problem(
                                503,
                                "The routes were exchanged while this request arrived; send it again.",
                                List.of()));
            }
        });
    }

    private void tooLate(HttpServerRequest request) {
        Problem problem = Problems.problem(503, "The routes are being exchanged; ask again.", List.of());
        try {
            request.response()
                    .setStatusCode(problem.status())
                    .putHeader("Retry-After", problem.retryAfter().toString())
                    .putHeader("Connection", "close")
                    .putHeader("Content-Type", "application/problem+json")
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem cannot be written as JSON", e);
        }
    }

    /** While routes come up or go down a client is told to come back, not that there is nothing here. */
    private void refuseUnlessRunning(RoutingContext context) {
        if (getCamelContext().isStarted()) {
            context.next();
        } else {
            context.response().putHeader("Connection", "close");
            write(context, Problems.problem(503, "The service is starting or stopping; ask again.", List.of()));
        }
    }

    private void answer(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (failure instanceof IOException || failure instanceof FileSystemException) {
            write(context, Problems.problem(503, DISK, List.of()));
            return;
        }
        if (status == 500 && !(failure instanceof HttpClosedException)) {
            LOG.error("A request failed", failure);
        }
        String detail = DETAILS.getOrDefault(status, "The service failed on this request; its log says why.");
        write(context, Problems.problem(status, detail, List.of()));
    }

    private void write(RoutingContext context, Problem problem) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (problem.retryAfter() != null) {
            context.response().putHeader("Retry-After", problem.retryAfter().toString());
        }
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader("Content-Type", "application/problem+json")
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem cannot be written as JSON", e);
        }
    }
}
