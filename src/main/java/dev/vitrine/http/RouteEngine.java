package dev.vitrine.http;

import dev.vitrine.http.Visits.Visit;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;

/** Connects routes to the server as Camel does, and says when a route begins and ends to work for a request. */
final class RouteEngine extends VertxPlatformHttpEngine {
    private final Visits visits;

    RouteEngine(Visits visits) {
        this.visits = visits;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
        return super.createConsumer(endpoint, exchange -> run(route, exchange));
    }

    private void run(Processor route, Exchange exchange) throws Exception {
        Optional<Visit> visit = exchange.getMessage() instanceof HttpMessage message
                ? visits.of(message.getRequest())
                : Optional.empty();
        if (visit.isEmpty() || !visit.get().begin()) {
            return; // the client hung up while the request waited for a thread
        }
        try {
            route.process(exchange);
        } finally {
            visit.get().end();
        }
    }
}
