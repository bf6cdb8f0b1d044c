package dev.vitrine.ops;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.RedisBreaker;
import dev.vitrine.queue.UpkeepLeases;
import dev.vitrine.spool.FolderClock;
import dev.vitrine.spool.OwedProducts;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.Spool.Swept;
import dev.vitrine.spool.Tombstones;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must happen now and then so that nothing accepted is lost and nothing is left lying about. */
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final int EXPIRE_AT_ONCE = 1_000;

    /** Names of the spool that a round looks at: most spools have fewer, and one of a million is gone through in 20 minutes. */
    private static final int NAMES_AT_ONCE = 50_000;

    /** A worker that lost its lease while the index was away tries for a day (job-errors-index); twice that is safe. */
    private static final Duration REMEMBERED = Duration.ofDays(2);

    /** Any worker takes a job whose lease ran out within a second or two. */
    private static final Duration LEASE_OVER = Duration.ofSeconds(30);

    private final Spool spool;
    private final OwedProducts owedProducts;
    private final Tombstones tombstones;
    private final Optional<JobQueue> queue;
    private final RedisBreaker breaker;
    private final Path uploads;
    private final Duration jobTtl;
    private final Optional<UpkeepLeases> leases;
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private boolean wholeRefilled;
    private String refilledUntil = "";
    private String sweptUntil = "";
    private final Counter refilled;
    private final Counter dead;
    private final Counter expired;
    private final Counter returned;
    private final Counter forgotten;
    private final Counter swept;

    /**
     * @param queue empty where the service runs without one
     * @param uploads where requests are received
     * @param jobTtl age at which a dead letter goes
     * @param leases choose who sees to a task; empty where there is one process alone
     */
    public Upkeep(
            Spool spool,
            OwedProducts owedProducts,
            Tombstones tombstones,
            Optional<JobQueue> queue,
            RedisBreaker breaker,
            Path uploads,
            Duration jobTtl,
            Optional<UpkeepLeases> leases,
            MeterRegistry meters) {
        this.spool = spool;
        this.owedProducts = owedProducts;
        this.tombstones = tombstones;
        this.queue = queue;
        this.breaker = breaker;
        this.uploads = uploads;
        this.jobTtl = jobTtl;
        this.leases = leases;
        this.refilled = Counter.builder("vitrine.upkeep.refilled")
                .description("jobs that the spool owed and the queue had lost")
                .register(meters);
        this.dead = Counter.builder("vitrine.upkeep.dead")
                .description("dead letters that expired, with their pictures")
                .register(meters);
        this.expired = Counter.builder("vitrine.upkeep.expired")
                .description("ended jobs and remembered deletions that expired")
                .register(meters);
        this.returned = Counter.builder("vitrine.upkeep.leases")
                .description("jobs put back because their worker had vanished and no other was there")
                .register(meters);
        this.forgotten = Counter.builder("vitrine.upkeep.forgotten")
                .description("uploads that Redis had heard only half of")
                .register(meters);
        this.swept = Counter.builder("vitrine.upkeep.swept")
                .description("files that crashes had left behind")
                .register(meters);
    }

    /**
     * Whether another process sees to a task now. Never in a process's first round, so that each brings back at its start
     * what is owed; nor where there is no queue.
     *
     * @param task {@code spool}, {@code callbacks} or {@code history}
     */
    public boolean isOthers(String task) {
        boolean mine = leases.isEmpty() || leases.get().take(task);
        return !begun.add(task) && !mine;
    }

    /** Leaves a task whose round failed here to another process. */
    public void handOver(String task) {
        leases.ifPresent(open -> open.release(task));
    }

    /**
     * Enqueues jobs that the spool owes and the queue does not know: the first time all, then in each round those of a part
     * of the spool, which is the whole of it unless it is large.
     */
    public synchronized void refill() {
        if (queue.isEmpty()) {
            return;
        }
        do {
            refillSome();
        } while (!wholeRefilled && !refilledUntil.isEmpty());
        wholeRefilled = true;
    }

    private void refillSome() {
        Set<String> missing = new HashSet<>();
        String until = spool.someOwed(refilledUntil, NAMES_AT_ONCE, missing::add);
        enqueueMissing(missing);
        refilledUntil = until;
    }

    private void enqueueMissing(Set<String> missing) {
        if (missing.isEmpty()) {
            return;
        }
        queue.get().upkeep().forEachOwed(missing::remove);
        int count = 0;
        for (String id : missing) {
            Optional<Job> job = spool.find(id);
            if (job.isPresent() && enqueue(job.get())) {
                count++;
            }
        }
        if (count > 0) {
            refilled.increment(count);
            LOG.info("{} accepted jobs were missing from the queue and are back in it", count);
        }
    }

    /**
     * Forgets dead letters older than a job's time to live, with their pictures, ended jobs of that age, and deletions of
     * two days ago that concern nothing that still waits.
     */
    public void expire() {
        expired.increment(tombstones.forget(REMEMBERED, owedProducts::keys));
        if (queue.isPresent()) {
            dead.increment(queue.get()
                    .upkeep()
                    .expireDead(jobTtl, EXPIRE_AT_ONCE, spool::remove)
                    .size());
            expired.increment(queue.get().upkeep().forgetExpired());
        }
    }

    /** Puts jobs back among the waiting whose worker vanished while no other is there to take them over. */
    public void returnLeases() {
        if (queue.isPresent()) {
            returned.increment(queue.get().upkeep().returnLeases(LEASE_OVER));
        }
    }

    /**
     * Forgets the state of uploads that Redis heard only half of: they were indexed or refused while it was away, nothing
     * is owed for them, and no worker will ever end them.
     *
     * @param age longer than any upload may take
     */
    public void forget(Duration age) {
        if (queue.isPresent()) {
            forgotten.increment(queue.get().upkeep().forgetUnowed(age, spool::owes));
        }
    }

    /**
     * Removes files that crashes left in the spool, in a part of it where it is large.
     *
     * @param age longer than any upload may take, so that what is older was left behind
     */
    public synchronized void sweep(Duration age) {
        Swept part = spool.sweep(age, sweptUntil, NAMES_AT_ONCE);
        sweptUntil = part.next();
        swept.increment(part.removed());
    }

    /**
     * Removes files that crashes left in the upload folder, which may be this process's own.
     *
     * @param age longer than any request may take
     */
    public void sweepUploads(Duration age) throws IOException {
        swept.increment(sweepUploads(new FolderClock(uploads).now().minus(age)));
    }

    /** Says why a round failed, unless it is the outage of Redis that the breaker has already told. */
    public void failed(Exception failure) {
        if (queue.isEmpty() || breaker.isClosed()) {
            LOG.warn("Upkeep failed and is tried again: {}", failure.getMessage());
        }
    }

    private boolean enqueue(Job job) {
        return switch (queue.get().upkeep().enqueueIfMissing(JobState.queued(job), job.version())) {
            case PUSHED -> true;
            case OWED -> false;
            case COMPLETED, FAILED -> {
                spool.remove(job.id());
                yield false;
            }
        };
    }

    private int sweepUploads(Instant before) throws IOException {
        int[] removed = new int[1];
        Files.walkFileTree(uploads, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.lastModifiedTime().toInstant().isBefore(before)) {
                    try {
                        removed[0] += Files.deleteIfExists(file) ? 1 : 0;
                    } catch (IOException e) {
                        LOG.debug("{} stays for another round", file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // its request has ended meanwhile
            }
        });
        return removed[0];
    }
}
