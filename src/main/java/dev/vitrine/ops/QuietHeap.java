package dev.vitrine.ops;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back that a peak has left. The serial collector shrinks the heap in full collections only, and a service
 * that has become quiet would not need one for hours; glibc keeps what native code has freed. So once the service is
 * quiet after it was busy, it collects all and has glibc give back what is free.
 */
final class QuietHeap implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuietHeap.class);

    /** Collections of the nursery between two looks; more is not quiet. */
    private static final int QUIET_COLLECTIONS = 1;

    /** After so many quiet looks memory is given back, */
    private static final int SOON = 2;

    /** and once more after so many, when threads that have nothing to do have ended and let go of theirs. */
    private static final int LATER = 4;

    private final ScheduledExecutorService looks;
    private long collections;
    private int quietLooks;
    private boolean wasBusy = true; // a start is

    /** @param between time between two looks; a service is quiet when it does next to nothing for that long */
    QuietHeap(Duration between) {
        this.collections = collections();
        this.looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "quiet-heap");
            thread.setDaemon(true);
            return thread;
        });
        looks.scheduleWithFixedDelay(this::look, between.toMillis(), between.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = collections();
        boolean isQuiet = now - collections <= QUIET_COLLECTIONS;
        wasBusy |= !isQuiet;
        quietLooks = isQuiet ? quietLooks + 1 : 0;
        if (wasBusy && (quietLooks == SOON || quietLooks == LATER)) {
            wasBusy = quietLooks < LATER;
            System.gc();
            trimNativeHeap();
            now = collections();
        }
        collections = now;
    }

    /** What {@code jcmd System.trim_native_heap} does; Java has it on Linux with glibc, from 17.0.9 on. */
    private static void trimNativeHeap() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
        } catch (JMException e) {
            LOG.debug("The native heap is not trimmed: {}", e.toString());
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
