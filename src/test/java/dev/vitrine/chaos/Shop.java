package dev.vitrine.chaos;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A shop that sends pictures of its products again and again, and remembers what it was told. The uploads of one product
 * are sent one after another; {@code name} says which one it was.
 */
public final class Shop {
    private static final int CLIENTS = 8;
    private static final int PICTURES = 40;
    private static final long LONGEST_PAUSE_MS = 200;

    /** What a client knows of an upload. */
    public enum Outcome {
        /** 202: it will be indexed. */
        ACCEPTED,
        /** 200: it is indexed. */
        INDEXED,
        /** 429 or 5xx, or the connection broke: it may or may not be indexed. */
        UNKNOWN,
        /** No answer in time: it may be indexed even after uploads that were sent later. */
        LATE
    }

    /** One upload. */
    public record Upload(String productId, String name, Outcome outcome, String jobId) {}

    private final HttpApi api;
    private final long seed;
    private final int products;
    private final List<byte[]> pictures = IntStream.range(0, PICTURES)
            .mapToObj(i -> Pictures.encode("jpg", i, 160, 120))
            .toList();
    private final Map<String, List<Upload>> sent = Collections.synchronizedMap(new HashMap<>());
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** @param products how many different ones it sends */
    public Shop(String url, long seed, int products) {
        this(new HttpApi(url), seed, products);
    }

    /** A shop that calls in its own way, such as with a key. */
    public Shop(HttpApi api, long seed, int products) {
        this.api = api;
        this.seed = seed;
        this.products = products;
    }

    /** Sends every product at least once, and goes on until there are enough uploads and {@code over} says so. */
    public void send(int uploads, BooleanSupplier over) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                running.add(clients.submit(() -> {
                    run(client, uploads, over);
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** How many uploads were sent so far. */
    public int count() {
        return count.get();
    }

    /** How many were answered with 429 or 5xx. */
    public int refused() {
        return refused.get();
    }

    /** What was sent so far. */
    public List<Upload> all() {
        synchronized (sent) {
            return sent.values().stream().flatMap(List::stream).toList();
        }
    }

    /** What it was sent for. */
    public Set<String> productIds() {
        return sent.keySet();
    }

    /**
     * The names that a product may have in the end: that of its last upload with an answer, or of any that may have come
     * after it. Empty where it may be missing.
     */
    public Set<String> possibleNames(String productId) {
        Set<String> names = new HashSet<>();
        boolean surelyThere = false;
        List<Upload> uploads = sent.get(productId);
        for (int i = uploads.size() - 1; i >= 0; i--) {
            Upload upload = uploads.get(i);
            boolean answered = upload.outcome() == Outcome.ACCEPTED || upload.outcome() == Outcome.INDEXED;
            if (!surelyThere || upload.outcome() == Outcome.LATE) {
                names.add(upload.name());
            }
            surelyThere |= answered;
        }
        return surelyThere ? names : Set.of();
    }

    private void run(int client, int uploads, BooleanSupplier over) throws InterruptedException {
        Random random = new Random(seed * 31 + client);
        int mine = products / CLIENTS + (client < products % CLIENTS ? 1 : 0);
        for (int n = 0; n < mine || count.get() < uploads || !over.getAsBoolean(); n++) {
            int product = client + CLIENTS * (n < mine ? n : random.nextInt(mine));
            upload("p-" + product, "upload " + n, pictures.get(random.nextInt(PICTURES)));
            TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_PAUSE_MS));
        }
    }

    private void upload(String productId, String name, byte[] picture) throws InterruptedException {
        Outcome outcome;
        String jobId = null;
        while (true) {
            try {
                Answer answer = api.upload(Map.of("product_id", productId, "name", name), picture);
                outcome = switch (answer.status()) {
                    case 202 -> Outcome.ACCEPTED;
                    case 200 -> Outcome.INDEXED;
                    case 429, 500, 503 -> Outcome.UNKNOWN;
                    default ->
                        throw new IllegalStateException(
                                answer.status() + " " + answer.response().body());
                };
                jobId = answer.text("job_id");
                if (outcome == Outcome.UNKNOWN) {
                    refused.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(LONGEST_PAUSE_MS);
                }
                break;
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof ConnectException) {
                    TimeUnit.MILLISECONDS.sleep(50); // nothing was sent; the service is being started again
                    continue;
                }
                outcome = e.getCause() instanceof HttpTimeoutException ? Outcome.LATE : Outcome.UNKNOWN;
                break;
            }
        }
        sent.computeIfAbsent(productId, id -> Collections.synchronizedList(new ArrayList<>()))
                .add(new Upload(productId, name, outcome, jobId));
        count.incrementAndGet();
    }

    /** How many uploads ended how. */
    public Map<Outcome, Long> outcomes() {
        Map<Outcome, Long> counts = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            counts.put(
                    outcome, all().stream().filter(u -> u.outcome() == outcome).count());
        }
        return counts;
    }
}
