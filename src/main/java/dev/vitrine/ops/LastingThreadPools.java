package dev.vitrine.ops;

import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.apache.camel.util.concurrent.RejectableScheduledThreadPoolExecutor;
import org.apache.camel.util.concurrent.SizedScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Camel's thread pools so that what runs again and again goes on after an {@link Error}: the JDK's would never run it
 * again, without a word, and a route that polls would be at an end until the next start.
 */
public final class LastingThreadPools extends DefaultThreadPoolFactory {
    private static final Logger LOG = LoggerFactory.getLogger(LastingThreadPools.class);

    @Override
    public ScheduledExecutorService newScheduledThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        RejectedExecutionHandler handler = profile.getRejectedExecutionHandler();
        LastingScheduler scheduler = new LastingScheduler(
                profile.getPoolSize(), threads, handler == null ? new ThreadPoolExecutor.CallerRunsPolicy() : handler);
        scheduler.setRemoveOnCancelPolicy(true);
        return profile.getMaxPoolSize() > 0
                ? new SizedScheduledExecutorService(scheduler, profile.getMaxQueueSize())
                : scheduler;
    }

    private static final class LastingScheduler extends RejectableScheduledThreadPoolExecutor {
        LastingScheduler(int size, ThreadFactory threads, RejectedExecutionHandler handler) {
            super(size, threads, handler);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return super.scheduleAtFixedRate(lasting(task), initialDelay, period, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
            return super.scheduleWithFixedDelay(lasting(task), initialDelay, delay, unit);
        }

        private static Runnable lasting(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (Error e) {
                    LOG.warn("{} failed and runs again at its next time: {}", task, e.toString());
                }
            };
        }
    }
}
