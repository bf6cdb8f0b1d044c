package dev.vitrine.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Stands before an {@link S3Server}, passes requests on, and answers some as a store in trouble does. Signatures stay good. */
public final class S3Front implements AutoCloseable {
    /** A request that came. */
    public record Seen(String method, String uri) {}

    /** What is answered instead: a status, and an error of S3; no status for a connection that ends. */
    private record Fault(Predicate<Seen> concerned, AtomicInteger times, int status, String code) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final SocketAddress behind;
    private final HttpServer server;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Duration ahead = Duration.ZERO;

    private S3Front(URI behind) {
        this.behind = SocketAddress.inetSocketAddress(behind.getPort(), behind.getHost());
        try {
            this.server = vertx.createHttpServer()
                    .requestHandler(this::handle)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The front of the S3 server cannot be started", e);
        }
    }

    public static S3Front before(S3Server server) {
        return new S3Front(server.endpoint());
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** The next requests that are concerned get an error. */
    public void refuse(Predicate<Seen> concerned, int times, int status, String code) {
        faults.add(new Fault(concerned, new AtomicInteger(times), status, code));
    }

    /** All requests of a method get an error. */
    public void refuse(String method, int status, String code) {
        refuse(request -> request.method().equals(method), Integer.MAX_VALUE, status, code);
    }

    /** Every connection ends without an answer. */
    public void goAway() {
        refuse(request -> true, Integer.MAX_VALUE, 0, "");
    }

    /** From now on all is well again, the clock included. */
    public void behave() {
        faults.clear();
        ahead = Duration.ZERO;
    }

    /** The store says from now on that it is later than it is. */
    public void timeIs(Duration ahead) {
        this.ahead = ahead;
    }

    /** The requests that came since this was asked last. */
    public List<Seen> seen() {
        List<Seen> all = List.copyOf(seen);
        seen.clear();
        return all;
    }

    private void handle(HttpServerRequest request) {
        Seen now = new Seen(request.method().name(), request.uri());
        seen.add(now);
        for (Fault fault : faults) {
            if (fault.concerned().test(now) && fault.times().getAndDecrement() > 0) {
                answer(request, fault);
                return;
            }
        }
        request.pause();
        if (request.headers().contains("Expect")) {
            request.response().writeContinue();
        }
        client.request(new RequestOptions()
                        .setServer(behind)
                        .setHost(request.authority().host())
                        .setPort(request.authority().port())
                        .setMethod(request.method())
                        .setURI(request.uri())
                        .setHeaders(MultiMap.caseInsensitiveMultiMap()
                                .addAll(request.headers())
                                .remove("Expect")))
                .compose(onward -> onward.send(request))
                .onSuccess(answer -> pass(answer, request))
                .onFailure(failure -> request.connection().close());
    }

    private void pass(HttpClientResponse answer, HttpServerRequest request) {
        request.response().setStatusCode(answer.statusCode()).headers().addAll(answer.headers());
        request.response().putHeader("Date", now(ahead));
        answer.pipeTo(request.response());
    }

    private void answer(HttpServerRequest request, Fault fault) {
        if (fault.status() == 0) {
            request.connection().close();
            return;
        }
        request.endHandler(end -> request.response()
                .setStatusCode(fault.status())
                // Whoever is refused by a store with another clock signs by that clock from then on.
                .putHeader("Date", fault.code().equals("RequestTimeTooSkewed") ? now(ahead) : now(Duration.ZERO))
                .putHeader("Content-Type", "application/xml")
                .end("<Error><Code>" + fault.code() + "</Code><Message>as the test wants it</Message></Error>"));
        if (request.headers().contains("Expect")) {
            request.response().writeContinue();
        }
    }

    private static String now(Duration ahead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(ahead));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
