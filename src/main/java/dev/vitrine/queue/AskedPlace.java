package dev.vitrine.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The place that sentinels or the nodes of a cluster name. They are asked at the first use and whenever the place is in
 * doubt, in turn until one names another place than the doubted one; and each second where a former master would go on
 * taking writes. Where none of them answers, the last known place holds.
 */
final class AskedPlace implements RedisPlace {
    private static final Logger LOG = LoggerFactory.getLogger(AskedPlace.class);

    /** Many threads lose their connections in the same moment; one asks for all. */
    private static final long ANSWER_HOLDS_NANOS = 100_000_000;

    private static final long LOOK_MILLIS = 1_000;

    private final String where;
    private final MasterQuestion question;
    private final Function<HostAndPort, Jedis> connect;
    private final List<HostAndPort> informants;
    private final ScheduledExecutorService looks;
    private HostAndPort known;
    private boolean doubted;
    private long askedAt;

    /**
     * @param where names those who are asked, for people
     * @param informants who is asked first; each may name others
     * @param connect opens a connection to one of them
     */
    AskedPlace(
            String where, MasterQuestion question, List<HostAndPort> informants, Function<HostAndPort, Jedis> connect) {
        this.where = where;
        this.question = question;
        this.informants = new ArrayList<>(informants);
        this.connect = connect;
        this.looks = question.mayBeStale() ? looks() : null;
    }

    private ScheduledExecutorService looks() {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "redis-master");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return thread;
    }

    @Override
    public synchronized HostAndPort now() {
        boolean isFresh = known != null && System.nanoTime() - askedAt < ANSWER_HOLDS_NANOS;
        if (known == null || doubted && !isFresh) {
            ask();
            askedAt = System.nanoTime();
        }
        return known;
    }

    @Override
    public synchronized void doubt(HostAndPort address) {
        doubted |= address.equals(known);
    }

    @Override
    public synchronized void confirm(HostAndPort address) {
        doubted &= !address.equals(known);
    }

    @Override
    public boolean mayBeStale() {
        return question.mayBeStale();
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.shutdownNow();
        }
    }

    /** Asks one, without keeping anybody waiting: what is written to a former master is lost. */
    private void look() {
        HostAndPort informant;
        synchronized (this) {
            if (known == null) {
                return; // nobody has used it yet
            }
            informant = informants.get(0);
        }
        try (Jedis jedis = connect.apply(informant)) {
            MasterQuestion.Answer answer = question.ask(jedis, informant);
            synchronized (this) {
                moveTo(answer.master());
            }
        } catch (RuntimeException e) {
            LOG.debug("{} does not say where the master is", informant, e);
            synchronized (this) {
                informants.remove(informant);
                informants.add(informant); // another one is asked next
            }
        }
    }

    private boolean moveTo(HostAndPort master) {
        if (master.equals(known)) {
            return false;
        }
        LOG.info("Redis ({}) takes writes at {}", where, master);
        known = master;
        doubted = false;
        return true;
    }

    private void ask() {
        JedisException problem = null;
        boolean answered = false;
        for (HostAndPort informant : inOrder()) {
            try (Jedis jedis = connect.apply(informant)) {
                MasterQuestion.Answer answer = question.ask(jedis, informant);
                answered = true;
                remember(informant, answer);
                if (moveTo(answer.master())) {
                    return;
                }
            } catch (JedisException e) {
                LOG.debug("{} does not say where the master is", informant, e);
                problem = problem == null || problem instanceof JedisConnectionException ? e : problem;
            }
        }
        if (!answered && known == null) {
            throw problem;
        }
    }

    /** A master that does not answer has nothing to say either: it comes last. */
    private List<HostAndPort> inOrder() {
        List<HostAndPort> order = new ArrayList<>(informants);
        if (order.remove(known)) {
            order.add(known);
        }
        return order;
    }

    private void remember(HostAndPort informant, MasterQuestion.Answer answer) {
        answer.informants().stream().filter(node -> !informants.contains(node)).forEach(informants::add);
        informants.remove(informant);
        informants.add(0, informant); // who answers is asked first
    }
}
