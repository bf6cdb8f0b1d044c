package dev.vitrine.http.limits;

import dev.vitrine.http.Caller;
import dev.vitrine.meter.BoundedNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets a caller's requests through as long as there are not too many, and tells how many are left in the fields of the IETF's
 * draft (draft-ietf-httpapi-ratelimit-headers-10). Health and metrics always pass.
 */
public final class RateGate implements AutoCloseable {
    private static final String OBSERVE = "/observe/";
    private static final String NAME = "\"requests\"";

    /** So many names have a counter of their own. */
    private static final int MOST_COUNTED = 10;

    private final Rates rates;
    private final MeterRegistry meters;
    private final String policy;
    private final BoundedNames counted = new BoundedNames(MOST_COUNTED);

    /** A gate for these rates, which it closes. */
    public RateGate(Rates rates, MeterRegistry meters) {
        this.rates = rates;
        this.meters = meters;
        RateLimit limit = rates.limit();
        this.policy = NAME + ";q=" + limit.requests() + ";w=" + limit.window().toSeconds();
    }

    /**
     * Decides on a request whose body has not been read; one of the two runs on its event loop, at once or later.
     *
     * @param passes goes on with it
     * @param refuses answers it with the status 429 and what this says
     */
    public void arrive(
            Vertx vertx, HttpServerRequest request, Caller caller, Runnable passes, Consumer<String> refuses) {
        if (request.path() != null && request.path().startsWith(OBSERVE)) {
            passes.run();
            return;
        }
        boolean named = !caller.name().equals(Caller.ANONYMOUS.name());
        String who = named ? "key:" + caller.name() : "address:" + address(request);
        CompletableFuture<Ruling> ruling = rates.ask(who);
        if (ruling.isDone()) {
            settle(request, named ? caller.name() : "", ruling.join(), passes, refuses);
            return;
        }
        Context context = vertx.getOrCreateContext();
        request.pause();
        ruling.thenAccept(settled -> context.runOnContext(turn -> {
            if (!request.response().closed()) {
                request.resume();
                settle(request, named ? caller.name() : "", settled, passes, refuses);
            }
        }));
    }

    @Override
    public void close() {
        rates.close();
    }

    private void settle(
            HttpServerRequest request, String key, Ruling ruling, Runnable passes, Consumer<String> refuses) {
        RateLimit limit = rates.limit();
        HttpServerResponse response = request.response();
        response.putHeader("RateLimit-Policy", policy)
                .putHeader(
                        "RateLimit",
                        NAME + ";r=" + ruling.remaining() + ";t=" + limit.secondsUntilFull(ruling.remaining()));
        if (ruling.passes()) {
            passes.run();
            return;
        }
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(ruling.waitNanos() + 999_999_999));
        response.putHeader("Retry-After", Long.toString(seconds));
        Counter.builder("vitrine.rate.refused")
                .description(
                        "Requests beyond their caller's rate; without a key the caller is empty, the 11th and further ones are other")
                .tag("key", counted.of(key))
                .register(meters)
                .increment();
        refuses.accept("More than " + limit + " requests came "
                + (key.isEmpty() ? "from this address" : "with the key of " + key)
                + " (VITRINE_RATE_LIMIT); ask again in "
                + seconds + " s.");
    }

    private static String address(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? ""
                : String.valueOf(request.remoteAddress().hostAddress());
    }
}
