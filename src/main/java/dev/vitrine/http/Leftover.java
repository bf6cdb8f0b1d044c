package dev.vitrine.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.ThreadLocalRandom;

/** What becomes of the body of a request that was answered before it had come. */
final class Leftover {
    private static final long LINGER_MILLIS = 5_000;

    /** RFC 9113, section 8.1: the answer is complete, and the rest of the request is not needed. */
    private static final long NO_ERROR = 0;

    private static final int SOONEST_LATER_MILLIS = 1_000;
    private static final int LATEST_LATER_MILLIS = 3_000;

    private Leftover() {}

    /**
     * Says in the head of an answer what will become of the body, before the answer is sent. A client that waits for {@code
     * 100 Continue} will send none, and what it sends next would be read as one, so the connection ends.
     */
    static void announce(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2 && request.headers().contains("Expect") && !request.isEnded()) {
            request.response().putHeader("Connection", "close");
        }
    }

    /**
     * Lets the rest come for a while after the answer, and go nowhere: most clients read no answer before they have sent it
     * all.
     */
    static void drain(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        request.resume();
        vertx.setTimer(LINGER_MILLIS, end -> {
            if (request.isEnded()) {
                return;
            }
            if (request.version() == HttpVersion.HTTP_2) {
                request.response().reset(NO_ERROR); // other requests of the connection go on
            } else {
                request.connection().close();
            }
        });
    }

    /**
     * The same after a while, where many come at once: to read what is thrown away would keep others waiting, and a client
     * that sends on without looking would send the next one at once.
     */
    static void drainLater(Vertx vertx, HttpServerRequest request) {
        if (!request.isEnded()) {
            request.pause();
            long pause = ThreadLocalRandom.current().nextLong(SOONEST_LATER_MILLIS, LATEST_LATER_MILLIS);
            vertx.setTimer(pause, later -> drain(vertx, request)); // not all of a burst in the same moment
        }
    }
}
