package dev.vitrine.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Gives each path a lane of its own: so many of its requests are worked on at once, so many wait in their order without
 * holding a thread, and who comes beyond that or waits too long is told to come back. A path that is slow or flooded thus
 * takes nothing from the others.
 */
final class Lanes {
    private final int width;
    private final int most;
    private final Duration patience;
    private final Map<String, Lane> lanes = new HashMap<>();

    /**
     * @param width requests of one path that are worked on at once
     * @param most requests of one path that wait
     * @param patience how long one waits
     */
    Lanes(int width, int most, Duration patience) {
        this.width = width;
        this.most = most;
        this.patience = patience;
    }

    /**
     * Runs a request now or when its lane has room.
     *
     * @param go begins it; {@link #leave(String)} must follow when it is done
     * @param full refuses it
     */
    void enter(Vertx vertx, String path, RoutingContext request, Runnable go, Runnable full) {
        boolean enters;
        boolean waits = false;
        synchronized (this) {
            Lane lane = lanes.computeIfAbsent(path, name -> new Lane());
            enters = lane.inside < width;
            if (enters) {
                lane.inside++;
            } else if (lane.waiting.size() < most) {
                waits = true;
                Turn turn = new Turn(vertx.getOrCreateContext(), request, go);
                lane.waiting.add(turn);
                turn.timer = vertx.setTimer(patience.toMillis(), late -> giveUp(lane, turn, full));
                request.addEndHandler(end -> giveUp(lane, turn, () -> vertx.cancelTimer(turn.timer)));
            }
        }
        if (enters) {
            go.run();
        } else if (!waits) {
            full.run();
        }
    }

    /** A request of this path is done: the next one may begin. */
    void leave(String path) {
        Turn next;
        synchronized (this) {
            Lane lane = lanes.get(path);
            next = lane.waiting.poll();
            if (next == null && --lane.inside == 0) {
                lanes.remove(path);
            }
        }
        if (next != null) {
            next.context.runOnContext(turn -> begin(path, next));
        }
    }

    private void begin(String path, Turn turn) {
        turn.context.owner().cancelTimer(turn.timer);
        HttpServerResponse response = turn.request.response();
        if (response.ended() || response.closed()) {
            leave(path);
        } else {
            turn.go.run();
        }
    }

    private void giveUp(Lane lane, Turn turn, Runnable then) {
        boolean waited;
        synchronized (this) {
            waited = lane.waiting.remove(turn);
        }
        if (waited) {
            then.run();
        }
    }

    private static final class Lane {
        private final Queue<Turn> waiting = new ArrayDeque<>();
        private int inside;
    }

    /** A request that waits. */
    private static final class Turn {
        private final Context context;
        private final RoutingContext request;
        private final Runnable go;
        private long timer;

        Turn(Context context, RoutingContext request, Runnable go) {
            this.context = context;
            this.request = request;
            this.go = go;
        }
    }
}
