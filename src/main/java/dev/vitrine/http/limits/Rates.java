package dev.vitrine.http.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.VerboseResult;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each caller has left. Only threads of its own talk to Redis; what they cannot reach is not asked again for a moment.
 *
 * <p>Thread-safe.
 */
public final class Rates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rates.class);

    /** Callers remembered; who asked longest ago is forgotten, and begins anew. */
    private static final int MOST_ACCOUNTS = 20_000;

    /** Of the limit, taken from the shared bucket at a time: what two other processes may hold unused is 2 %. */
    private static final int LEASES = 200;

    private static final long PAUSE = Duration.ofSeconds(1).toNanos();
    private static final int THREADS = 4;
    private static final int MOST_TASKS = 10_000;

    private final RateLimit limit;
    private final Optional<ProxyManager<byte[]>> shared;
    private final BucketConfiguration configuration;
    private final ExecutorService tasks;
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
            return size() > MOST_ACCOUNTS;
        }
    };
    private volatile boolean away;
    private volatile long askAgain;

    /** @param shared buckets that several processes share; empty where this process is the only one */
    public Rates(RateLimit limit, Optional<ProxyManager<byte[]>> shared) {
        this.limit = limit;
        this.shared = shared;
        this.configuration = limit.bucket();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_TASKS), task -> {
                    Thread thread = new Thread(task, "rate-limit");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.tasks = pool;
    }

    /** The limit that is in force. */
    RateLimit limit() {
        return limit;
    }

    /** Counts a request of a caller; the answer is there at once unless the shared bucket must be asked. */
    public CompletableFuture<Ruling> ask(String caller) {
        Account account;
        synchronized (accounts) {
            account = accounts.computeIfAbsent(caller, this::open);
        }
        return account.ask();
    }

    @Override
    public void close() {
        tasks.shutdownNow();
    }

    private Account open(String caller) {
        Bucket own = Bucket.builder()
                .addLimit(bucket -> bucket.capacity(limit.requests()).refillGreedy(limit.requests(), limit.window()))
                .build();
        Account[] account = new Account[1];
        account[0] =
                new Account(own, Math.max(1, limit.requests() / LEASES), most -> beginToTake(account[0], caller, most));
        return account[0];
    }

    private boolean beginToTake(Account account, String caller, long most) {
        if (shared.isEmpty() || away && System.nanoTime() - askAgain < 0) {
            return false;
        }
        try {
            tasks.execute(() -> take(account, caller, most));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void take(Account account, String caller, long most) {
        Account.Taken taken;
        try {
            Bucket bucket = shared.orElseThrow()
                    .builder()
                    .build(
                            ("{vitrine}:rate:" + limit + ":" + caller).getBytes(StandardCharsets.UTF_8),
                            () -> configuration);
            VerboseResult<Long> result = bucket.asVerbose().tryConsumeAsMuchAsPossible(most);
            long wait = result.getValue() > 0
                    ? 0
                    : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
            taken = new Account.Taken(result.getValue(), result.getDiagnostics().getAvailableTokens(), wait);
        } catch (RuntimeException e) {
            askAgain = System.nanoTime() + PAUSE;
            if (!away) {
                away = true;
                LOG.warn("Rates are limited by this process alone, as Redis does not answer: {}", e.toString());
            }
            account.lost();
            return;
        }
        if (away) {
            away = false;
            LOG.info("Rates are limited over all processes again");
        }
        account.took(taken);
    }
}
