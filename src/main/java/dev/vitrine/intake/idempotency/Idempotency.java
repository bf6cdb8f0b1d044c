package dev.vitrine.intake.idempotency;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.ShopId;
import dev.vitrine.intake.idempotency.Reservation.State;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Makes one job of all uploads that a client sends under the same {@code Idempotency-Key}. The key is reserved for a job's
 * id before the upload is accepted under it, so that a process that is killed in between leaves a trace by which the job
 * is found.
 */
public final class Idempotency implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);
    private static final String HEADER = "Idempotency-Key";
    private static final Set<String> IDS = Set.of("product_id", "image_id");
    private static final String HELD = "VitrineIdempotencyKey";

    private record Held(KeyMemory memory, String key, String jobId) {}

    private final KeyMemories memories;
    private final List<String> fields;
    private final Predicate<String> isQueued;
    private final Predicate<String> isKnown;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "idempotency-keys");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param fields the fields of an upload, which make its fingerprint together with its picture
     * @param isQueued whether the queue has a job
     * @param isKnown whether a job was accepted, wherever it is now
     */
    public Idempotency(
            KeyMemories memories, List<String> fields, Predicate<String> isQueued, Predicate<String> isKnown) {
        this.memories = memories;
        this.fields = fields;
        this.isQueued = isQueued;
        this.isKnown = isKnown;
        long third = KeyMemories.LEASE.toMillis() / 3;
        renewals.scheduleWithFixedDelay(this::renew, third, third, TimeUnit.MILLISECONDS);
    }

    /**
     * Reads the key of a request whose form was read, if it has one. Where the same upload was accepted under it before,
     * the variables {@code jobId} and {@code outcome} say as what, and the upload is not to be accepted again. Else {@code
     * reservedId} is the id to accept it under.
     *
     * @throws ProblemException 400 for a malformed key, 409 while the first upload is worked on, 422 where the first was
     *     another one
     */
    public void begin(Exchange exchange) throws IOException {
        String sent = exchange.getMessage() instanceof HttpMessage message
                ? IdempotencyKey.of(message.getRequest().headers().getAll(HEADER))
                : null;
        if (sent == null) {
            return;
        }
        String key = new Fingerprint()
                .add(exchange.getVariable("caller"))
                .add((Object) ('"' + sent + '"'))
                .hex();
        String jobId = UuidCreator.getTimeOrderedEpoch().toString();
        String fingerprint = fingerprint(exchange);
        KeyMemory memory = memories.current();
        Reservation found;
        try {
            found = reserve(memory, key, fingerprint, jobId);
        } catch (DataAccessException e) { // Redis went away this moment
            memory = memories.local();
            found = reserve(memory, key, fingerprint, jobId);
        }
        if (!found.fingerprint().equals(fingerprint)) {
            throw ProblemException.ofField(
                    422, HEADER, "was sent before with another upload; send a new key with a new upload");
        }
        if (found.state() == State.NEW) {
            hold(exchange, new Held(memory, key, jobId));
        } else if (found.state() == State.DONE) {
            exchange.setVariable("jobId", found.jobId());
            exchange.setVariable("outcome", found.outcome());
        } else {
            throw ProblemException.ofField(
                    409, HEADER, "belongs to an upload that is still being taken; ask again in a moment");
        }
    }

    /** The upload of this exchange was accepted; remembers as what before its client is answered. */
    public void finish(Exchange exchange) {
        Held mine = exchange.getProperty(HELD, Held.class);
        if (mine == null) {
            return;
        }
        try {
            mine.memory().done(mine.key(), mine.jobId(), exchange.getVariable("outcome", String.class));
        } catch (DataAccessException e) {
            LOG.warn("Redis was not told that job {} was accepted; it is found by its id", mine.jobId());
        }
    }

    @Override
    public void close() {
        renewals.shutdownNow();
    }

    private Reservation reserve(KeyMemory memory, String key, String fingerprint, String jobId) {
        Reservation found = memory.reserve(key, fingerprint, jobId, "");
        return switch (found.state()) {
            case NEW, DONE -> found;
            case RUNNING -> !held.containsKey(found.jobId()) && isQueued.test(found.jobId()) ? accepted(found) : found;
            case LEFT ->
                isKnown.test(found.jobId()) ? accepted(found) : memory.reserve(key, fingerprint, jobId, found.jobId());
        };
    }

    /** Its process was killed before it could say so. */
    private static Reservation accepted(Reservation left) {
        return new Reservation(State.DONE, left.fingerprint(), left.jobId(), "queued");
    }

    private void hold(Exchange exchange, Held mine) {
        exchange.setVariable("reservedId", mine.jobId());
        exchange.setProperty(HELD, mine);
        held.put(mine.jobId(), mine);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                held.remove(mine.jobId());
                if (done.getVariable("outcome") == null) {
                    free(mine);
                }
            }
        });
    }

    private static void free(Held mine) {
        try {
            mine.memory().free(mine.key(), mine.jobId());
        } catch (DataAccessException e) {
            LOG.debug("A key was not freed and is when its lease runs out", e);
        }
    }

    private void renew() {
        for (Held mine : held.values()) {
            try {
                mine.memory().renew(mine.key(), mine.jobId());
            } catch (DataAccessException e) {
                LOG.debug("A key was not renewed", e);
            }
        }
    }

    private String fingerprint(Exchange exchange) throws IOException {
        Fingerprint print = new Fingerprint().add(exchange.getVariable("collection"));
        for (String field : fields) {
            Object value = exchange.getMessage().getHeader(field);
            if (IDS.contains(field) && value instanceof String id) {
                value = ShopId.normal(id);
            }
            boolean isMain = field.equals("image_id") && "main".equals(value);
            print.add(isMain ? null : value);
        }
        return print.add(exchange.getMessage().getBody(File.class)).hex();
    }
}
