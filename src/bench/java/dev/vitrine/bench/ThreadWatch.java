package dev.vitrine.bench;

import dev.vitrine.bench.Machine.ThreadTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Processor time of a service from now on, by what its threads do. Looks often, as threads that end take theirs along. */
final class ThreadWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 200;

    /** The beginnings of threads' names, and what they do; the first that fits counts. */
    private static final Map<String, String> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("encoder", "encoding");
        GROUPS.put("C1 Comp", "compiling Java");
        GROUPS.put("C2 Comp", "compiling Java");
        GROUPS.put("GC ", "collecting garbage");
        GROUPS.put("VM ", "collecting garbage");
        GROUPS.put("vert.x", "HTTP, checks, spool");
        GROUPS.put("decoder", "decoding");
        GROUPS.put("lucene", "index");
        GROUPS.put("Lucene", "index");
        GROUPS.put("history", "history");
        GROUPS.put("Camel", "routes, queue, upsert");
    }

    private final ServiceProcess service;
    private final double before;
    private final double childrenBefore;
    private final Map<String, ThreadTime> first;
    private final Map<String, ThreadTime> last;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

    ThreadWatch(ServiceProcess service) {
        this.service = service;
        this.before = service.cpuSeconds();
        this.childrenBefore = service.childrensSeconds();
        this.first = service.threads();
        this.last = new ConcurrentHashMap<>(first);
        looks.scheduleWithFixedDelay(
                () -> last.putAll(service.threads()), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Processor time.
     *
     * @param seconds of the service and what it started
     * @param byGroup the same by what it went to, in seconds; what belongs to no group is {@code other}
     */
    record Spent(double seconds, Map<String, Double> byGroup) {}

    /** Since this was made. */
    Spent spent() {
        last.putAll(service.threads());
        double all = service.cpuSeconds() - before;
        Map<String, Double> groups = new LinkedHashMap<>();
        last.forEach((id, time) -> {
            ThreadTime then = first.get(id);
            groups.merge(group(time.name()), time.seconds() - (then == null ? 0 : then.seconds()), Double::sum);
        });
        groups.put("Redis", service.childrensSeconds() - childrenBefore);
        groups.remove("other");
        groups.put("other", all - groups.values().stream().mapToDouble(s -> s).sum());
        return new Spent(all, groups);
    }

    private static String group(String thread) {
        return GROUPS.entrySet().stream()
                .filter(group -> thread.startsWith(group.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("other");
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
