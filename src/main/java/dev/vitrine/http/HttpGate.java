package dev.vitrine.http;

import dev.vitrine.reload.Entrance;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Holds requests back while routes are exchanged: those that arrive, and those whose body is complete meanwhile. Health
 * and metrics always pass.
 */
public final class HttpGate implements Entrance {
    private static final String ALWAYS_OPEN = "/observe";

    /** Who waits longer is told to come back. */
    private static final long LONGEST_WAIT_MILLIS = 20_000;

    private final List<Runnable> waiting = new ArrayList<>();
    private boolean held;
    private int inside;

    @Override
    public synchronized boolean hold(Duration patience) throws InterruptedException {
        held = true;
        long end = System.nanoTime() + patience.toNanos();
        while (inside > 0) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                open();
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void open() {
        List<Runnable> all;
        synchronized (this) {
            held = false;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Whether requests are held back, or about to be. */
    synchronized boolean isHeld() {
        return held;
    }

    /**
     * Passes a request on, now or when the gate opens.
     *
     * @param tooLate answers a request that has waited too long
     */
    void arrive(
            Vertx vertx,
            HttpServerRequest request,
            Handler<HttpServerRequest> router,
            Handler<HttpServerRequest> tooLate) {
        if (request.path() != null && request.path().startsWith(ALWAYS_OPEN)) {
            router.handle(request);
            return;
        }
        synchronized (this) {
            if (held) {
                request.pause();
                AtomicBoolean over = new AtomicBoolean();
                long timer = vertx.setTimer(LONGEST_WAIT_MILLIS, id -> {
                    if (over.compareAndSet(false, true)) {
                        request.resume();
                        tooLate.handle(request);
                    }
                });
                Context context = vertx.getOrCreateContext();
                waiting.add(() -> context.runOnContext(go -> {
                    if (over.compareAndSet(false, true)) {
                        vertx.cancelTimer(timer);
                        if (isGone(request.response())) {
                            return;
                        }
                        // Again through the gate: it may have shut meanwhile.
                        request.resume();
                        arrive(vertx, request, router, tooLate);
                    }
                }));
                return;
            }
        }
        router.handle(request);
    }

    /** Lets a request whose body is complete into its route, now or when the gate opens. */
    void enter(Vertx vertx, RoutingContext request, Runnable route) {
        if (isGone(request.response())) {
            return; // its client hung up while it waited, and an end handler added now would never run
        }
        synchronized (this) {
            if (held) {
                Context context = vertx.getOrCreateContext();
                waiting.add(() -> context.runOnContext(go -> enter(vertx, request, route)));
                return;
            }
            inside++;
        }
        request.addEndHandler(end -> leave());
        route.run();
    }

    private static boolean isGone(HttpServerResponse response) {
        return response.ended() || response.closed();
    }

    private synchronized void leave() {
        inside--;
        notifyAll();
    }
}
