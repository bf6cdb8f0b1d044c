package dev.vitrine.http.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.ProblemException;
import dev.vitrine.http.events.EventSource.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all that watch what happens, as server-sent events. The source is asked by one timer, however many watch, and no
 * thread waits for any of them. Who reads too slowly misses events; who goes on so is hung up on.
 */
public final class EventStreams {
    private static final String PATH = "/events";

    /** How many may watch at once. */
    static final int MOST = 64;

    static final long TICK_MILLIS = 3_000;

    /** Below what proxies wait for, 60 s mostly. */
    static final long HEARTBEAT_MILLIS = 15_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final String HEARTBEAT = ": still here\n\n";

    private final ObjectMapper json = new ObjectMapper();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile EventSource source = EventSource.NONE;

    /** Somebody who watches; used by the thread of its connection alone. */
    private record Watcher(
            Context context, HttpServerRequest request, HttpServerResponse response, AtomicBoolean slow) {
        void write(String text, boolean mayBeMissed) {
            context.runOnContext(go -> {
                if (response.ended() || response.closed()) {
                    return;
                }
                if (!response.writeQueueFull()) {
                    slow.set(false);
                    response.write(text);
                } else if (!mayBeMissed && !slow.compareAndSet(false, true)) {
                    request.connection().close();
                }
            });
        }

        void end() {
            context.runOnContext(go -> {
                if (!response.ended() && !response.closed()) {
                    response.end();
                }
            });
        }
    }

    /** Says what is told from now on. */
    public void tell(EventSource from) {
        source = from;
    }

    /**
     * Serves {@code /events} and begins to ask the source.
     *
     * @param mayWatch whether a request that was let in still would be
     */
    public void serve(Router router, Vertx vertx, Predicate<HttpServerRequest> mayWatch) {
        router.get(PATH).handler(this::accept);
        router.head(PATH).handler(request -> begin(request.response()).end());
        vertx.setPeriodic(TICK_MILLIS, tick -> ask(vertx));
        vertx.setPeriodic(
                HEARTBEAT_MILLIS,
                beat -> watchers.forEach(watcher -> {
                    if (mayWatch.test(watcher.request())) {
                        watcher.write(HEARTBEAT, false);
                    } else {
                        watcher.end();
                    }
                }));
    }

    private void accept(RoutingContext request) {
        if (request.request().query() != null) {
            request.fail(400, new ProblemException(400, "This path takes no query parameters.", List.of()));
            return;
        }
        if (watchers.size() >= MOST) {
            request.fail(
                    503,
                    new ProblemException(
                            503, MOST + " watch already; ask GET /stats now and then instead.", List.of()));
            return;
        }
        Watcher watcher = new Watcher(
                request.vertx().getOrCreateContext(), request.request(), request.response(), new AtomicBoolean());
        watchers.add(watcher);
        request.addEndHandler(end -> watchers.remove(watcher));
        begin(request.response());
        request.vertx()
                .executeBlocking(() -> text(source.greeting()))
                .onSuccess(text -> watcher.write(text.isEmpty() ? HEARTBEAT : text, true))
                .onFailure(this::failed);
    }

    /** The head of such an answer. */
    private static HttpServerResponse begin(HttpServerResponse response) {
        return response.putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Accel-Buffering", "no") // nginx would keep events until it has a page of them
                .setChunked(true);
    }

    /** How many watch. */
    int watching() {
        return watchers.size();
    }

    private void ask(Vertx vertx) {
        if (!asking.compareAndSet(false, true)) {
            return; // what the source asks takes long
        }
        boolean watched = !watchers.isEmpty();
        vertx.executeBlocking(() -> text(source.tick(watched)), false).onComplete(answer -> {
            asking.set(false);
            if (answer.failed()) {
                failed(answer.cause());
                return;
            }
            failing.set(false);
            if (!answer.result().isEmpty()) {
                watchers.forEach(watcher -> watcher.write(answer.result(), true));
            }
        });
    }

    private void failed(Throwable why) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn("What happens cannot be told to those who watch", why);
        }
    }

    private String text(List<Event> events) {
        return events.stream().map(this::text).collect(Collectors.joining());
    }

    private String text(Event event) {
        try {
            return "event: " + event.name() + "\ndata: " + json.writeValueAsString(event.data()) + "\n\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event is made of what becomes JSON", e);
        }
    }
}
