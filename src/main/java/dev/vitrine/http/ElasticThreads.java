package dev.vitrine.http;

import io.vertx.core.spi.ExecutorServiceFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that come with the work and go when there is none. What bounds the requests that are worked on is their lanes;
 * a fixed pool behind them would let one path wait for another's threads.
 */
final class ElasticThreads implements ExecutorServiceFactory {
    private static final long IDLE_SECONDS = 30;

    private final int workers;

    /** @param workers the size by which Vert.x's worker pool, the one that routes run in, is told from its others */
    ElasticThreads(int workers) {
        this.workers = workers;
    }

    @Override
    public ExecutorService createExecutor(ThreadFactory threads, Integer concurrency, Integer most) {
        if (most == workers) {
            return new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
