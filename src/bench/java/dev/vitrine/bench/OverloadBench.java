package dev.vitrine.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A hundred clients search with the dearest pictures that a search may have, as fast as answers come. Beside them small
 * searches and uploads come at a fixed rate, as they did before.
 */
final class OverloadBench {
    private static final int CLIENTS = 100;
    private static final int OTHERS = 8;
    private static final double SEARCHES_A_SECOND = 10;
    private static final double UPLOADS_A_SECOND = 5;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration USUAL = Duration.ofSeconds(20);
    private static final Duration OVERLOAD = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;
    private static final long HIGHEST_MICROS = 300_000_000;

    private final Path home;
    private final Path folder;
    private final PrintWriter out;

    OverloadBench(Path home, Path folder, PrintWriter out) {
        this.home = home;
        this.folder = folder;
        this.out = out;
    }

    /** What so many clients were answered: how often with each status, and in how many µs. */
    private record Answers(Map<Integer, Long> statuses, Histogram latencies) {

        static Answers none() {
            return new Answers(new TreeMap<>(), new Histogram(HIGHEST_MICROS, 3));
        }

        void add(int status, long micros) {
            statuses.merge(status, 1L, Long::sum);
            latencies.recordValue(Math.min(HIGHEST_MICROS, micros));
        }

        void add(Answers others) {
            others.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum));
            latencies.add(others.latencies);
        }
    }

    void run() throws Exception {
        List<byte[]> small = Pictures.draw(OTHERS);
        byte[] search = search(small.get(0));
        Supplier<byte[]> uploads = Upload.of(small)::next;
        List<byte[]> large =
                Pictures.dearest().stream().map(OverloadBench::search).toList();
        AtomicInteger next = new AtomicInteger();
        try (ServiceProcess service = ServiceProcess.start(home, folder, "vitrine-mini", "all")) {
            service.await(uploads.get(), 202);
            ExecutorService pool = Executors.newCachedThreadPool();
            try {
                beside(pool, service, () -> search, uploads, WARM_UP);
                List<Answers> usual = beside(pool, service, () -> search, uploads, USUAL);
                double before = memory(service);
                Future<Answers> worst = pool.submit(() -> clients(
                        service.port(),
                        CLIENTS,
                        0,
                        () -> large.get(next.getAndIncrement() % large.size()),
                        OVERLOAD));
                Future<Double> peak = pool.submit(() -> peak(service, worst));
                List<Answers> beside = beside(pool, service, () -> search, uploads, OVERLOAD);
                out.println();
                row("ANSWERS", "P50, MS", "P99, MS", "LARGEST", "BY STATUS");
                row("small searches before", usual.get(0));
                row("small searches beside", beside.get(0));
                row("uploads before", usual.get(1));
                row("uploads beside", beside.get(1));
                row("100 clients with the dearest", worst.get());
                out.printf(
                        Locale.ROOT,
                        "%n  memory of the service and its children: %.0f MB before, %.0f MB at the most%n",
                        before,
                        peak.get());
                out.flush();
            } finally {
                pool.shutdownNow();
                pool.awaitTermination(1, TimeUnit.MINUTES);
            }
        }
    }

    private List<Answers> beside(
            ExecutorService pool,
            ServiceProcess service,
            Supplier<byte[]> searches,
            Supplier<byte[]> uploads,
            Duration length)
            throws Exception {
        Future<Answers> searched =
                pool.submit(() -> clients(service.port(), OTHERS, SEARCHES_A_SECOND, searches, length));
        Future<Answers> uploaded =
                pool.submit(() -> clients(service.port(), OTHERS, UPLOADS_A_SECOND, uploads, length));
        return List.of(searched.get(), uploaded.get());
    }

    /** Sends at a rate, latencies counting from when a request was due, or without a pause where the rate is 0. */
    private static Answers clients(int port, int count, double perSecond, Supplier<byte[]> requests, Duration length)
            throws Exception {
        long start = System.nanoTime();
        long end = start + length.toNanos();
        AtomicInteger sent = new AtomicInteger();
        Callable<Answers> client = () -> {
            Answers answers = Answers.none();
            while (true) {
                long now = System.nanoTime();
                long due = perSecond == 0 ? now : start + (long) (sent.getAndIncrement() * 1e9 / perSecond);
                if (due >= end) {
                    return answers;
                }
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                answers.add(status(port, requests.get()), (System.nanoTime() - due) / 1_000);
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            List<Callable<Answers>> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(client);
            }
            Answers all = Answers.none();
            for (Future<Answers> one : pool.invokeAll(clients)) {
                all.add(one.get());
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    /** On a connection of its own, as a refused client has it; 0 where the service closed it without an answer. */
    private static int status(int port, byte[] request) {
        try (Connection connection = new Connection(port)) {
            return connection.send(request).status();
        } catch (IOException e) {
            return 0;
        }
    }

    private static double peak(ServiceProcess service, Future<?> until) throws InterruptedException {
        double peak = 0;
        while (!until.isDone()) {
            peak = Math.max(peak, memory(service));
            Thread.sleep(LOOK_MILLIS);
        }
        return peak;
    }

    private static double memory(ServiceProcess service) {
        return service.residentMegabytes().orElse(Double.NaN) + service.childrensMegabytes();
    }

    private static byte[] search(byte[] picture) {
        String boundary = "vitrine-bench-boundary";
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"image_file\"; filename=\"q\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] start = ("POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary="
                        + boundary + "\r\nContent-Length: " + (head.length + picture.length + tail.length)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return Upload.join(start, head, picture, tail);
    }

    private void row(String what, Answers answers) {
        Histogram h = answers.latencies();
        row(
                what,
                millis(h.getValueAtPercentile(50)),
                millis(h.getValueAtPercentile(99)),
                millis(h.getMaxValue()),
                answers.statuses().toString());
    }

    private void row(String... cells) {
        out.printf("  %-30s %10s %10s %10s   %s%n", (Object[]) cells);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f", micros / 1e3);
    }
}
