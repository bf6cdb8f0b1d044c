package dev.vitrine.http;

import dev.vitrine.http.RequestTraces.Request;
import dev.vitrine.http.Visits.Visit;
import dev.vitrine.http.keys.Access;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.MDC;

/** Connects routes to the server as Camel does, and says when a route begins and ends to work for a request. */
final class RouteEngine extends VertxPlatformHttpEngine {
    /** Names the caller in the log. */
    private static final String CALLER = "caller";

    private static final String ROUTE = "route";
    private static final String TRACE = "trace_id";
    private static final int OK = 200;

    private final Visits visits;
    private final Supplier<Access> access;
    private final RequestTraces traces;
    private final Waits waits;

    RouteEngine(Visits visits, Supplier<Access> access, HttpGate gate, RequestTraces traces) {
        this.visits = visits;
        this.access = access;
        this.traces = traces;
        this.waits =
                new Waits(() -> CamelContextHelper.findSingleByType(getCamelContext(), Awaited.class), gate::isHeld);
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
        return new VertxPlatformHttpConsumer(
                endpoint,
                exchange -> run(route, exchange, endpoint.getPath()),
                getHandlers(),
                VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort())) {
            @Override
            protected void handleRequest(RoutingContext request) {
                super.handleRequest(WaitingAnswer.of(request, waits));
            }
        };
    }

    private void run(Processor route, Exchange exchange, String path) throws Exception {
        Optional<Visit> visit = exchange.getMessage() instanceof HttpMessage message
                ? visits.of(message.getRequest())
                : Optional.empty();
        if (visit.isEmpty() || !visit.get().begin()) {
            return; // the client hung up while the request waited for a thread
        }
        HttpServerRequest request = ((HttpMessage) exchange.getMessage()).getRequest();
        MDC.put(ROUTE, exchange.getFromRouteId());
        try (Request trace = traces.begun(request.method().name(), path, request::getHeader)) {
            if (trace.traceId() != null) {
                MDC.put(TRACE, trace.traceId());
                exchange.getMessage().setHeader("traceparent", trace.traceparent());
            }
            introduce(request, exchange);
            route.process(exchange);
            trace.answered(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class));
        } finally {
            MDC.remove(TRACE);
            MDC.remove(CALLER);
            MDC.remove(ROUTE);
            visit.get().end();
        }
    }

    /** The route learns who asks and which collection that is about; no step of it sees a key. */
    private void introduce(HttpServerRequest request, Exchange exchange) {
        Caller caller = access.get().caller(request);
        exchange.setVariable(CALLER, caller.name());
        String collection = access.get().collection(caller);
        if (collection != null) {
            exchange.setVariable("collection", collection);
        }
        if (access.get().areKeysInForce()) {
            exchange.getMessage().removeHeader("Authorization");
            exchange.getMessage().removeHeader("X-API-Key");
            MDC.put(CALLER, caller.name());
        }
    }
}
