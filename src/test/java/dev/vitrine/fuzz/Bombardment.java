package dev.vitrine.fuzz;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Sends many requests over several connections at once, and keeps those that do harm. */
final class Bombardment {
    private static final int SENDERS = 8;

    /**
     * What is sent.
     *
     * @param whole whether the request is as long as it says
     */
    record Shot(byte[] request, boolean whole) {}

    private final RawHttp http;
    private final Map<Integer, AtomicInteger> statuses = Collections.synchronizedMap(new TreeMap<>());
    private final Set<String> harmful = Collections.synchronizedSet(new TreeSet<>());

    Bombardment(RawHttp http) {
        this.http = http;
    }

    /**
     * Sends them all.
     *
     * @param name of the kind, for the files of those that do harm
     * @param shot makes the one with this number
     */
    void send(String name, int count, IntFunction<Shot> shot) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> sender = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                one(name + "-" + i, shot.apply(i));
            }
            return null;
        };
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            for (Future<Void> each : senders.invokeAll(
                    IntStream.range(0, SENDERS).mapToObj(i -> sender).toList())) {
                each.get();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    private void one(String name, Shot shot) throws IOException {
        byte[] request = shot.request();
        int status = http.send(request, shot.whole());
        statuses.computeIfAbsent(status, s -> new AtomicInteger()).incrementAndGet();
        if (status == RawHttp.HANGS || status >= 500 && status != 503 && status != 501 && status != 505) {
            harmful.add(status + ": " + Fuzz.found(name + ".http", request));
        }
    }

    /** Answers by their status. */
    Map<Integer, AtomicInteger> statuses() {
        return statuses;
    }

    /** The files of requests that were answered with a failure of the server, or not at all, each behind its status. */
    Set<String> harmful() {
        return harmful;
    }
}
