package dev.vitrine.queue;

import dev.vitrine.queue.MasterQuestion.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * doubt; and each second where a former master would go on taking writes. Nodes are asked in turn until one names another
 * place than the doubted one. Sentinels are all asked, as one of them may be behind the others, or the only one that knows
 * of a failover under way: until that is over there is no place, even where the former master is back already, as what it
 * takes then is lost. Where none of them answers, the last known place holds.
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
    private long epoch;
    private boolean doubted;
    private boolean isFailingOver;
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
        if (known == null || (doubted || isFailingOver) && !isFresh) {
            ask();
        }
        if (isFailingOver) {
            throw new JedisConnectionException("another master is being made in place of " + known);
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

    /** Asks without keeping anybody waiting: what is written to a former master is lost. */
    private void look() {
        List<HostAndPort> order;
        synchronized (this) {
            if (known == null) {
                return; // nobody has used it yet
            }
            order = List.copyOf(informants);
        }
        try {
            Answers answers = answers(order);
            synchronized (this) {
                take(answers);
            }
        } catch (RuntimeException e) {
            LOG.debug("Nobody says where the master is", e);
        }
    }

    private void ask() {
        Answers answers = answers(inOrder());
        if (answers.all.isEmpty() && known == null) {
            throw answers.problem;
        }
        take(answers);
    }

    /** A master that does not answer has nothing to say either: it comes last. */
    private List<HostAndPort> inOrder() {
        List<HostAndPort> order = new ArrayList<>(informants);
        if (order.remove(known)) {
            order.add(known);
        }
        return order;
    }

    /**
     * What was heard.
     *
     * @param all by who was asked
     * @param isComplete whether all who were asked have answered
     * @param problem why one did not; null where all did
     */
    private record Answers(Map<HostAndPort, Answer> all, boolean isComplete, JedisException problem) {}

    private Answers answers(List<HostAndPort> order) {
        Map<HostAndPort, Answer> all = new LinkedHashMap<>();
        JedisException problem = null;
        for (HostAndPort informant : order) {
            try (Jedis jedis = connect.apply(informant)) {
                Answer answer = question.ask(jedis, informant);
                all.put(informant, answer);
                if (!question.mayBeStale() && !answer.master().equals(known)) {
                    break;
                }
            } catch (JedisException e) {
                LOG.debug("{} does not say where the master is", informant, e);
                problem = problem == null || problem instanceof JedisConnectionException
                        ? question.explain(e, informant)
                        : problem;
            }
        }
        return new Answers(all, problem == null, problem);
    }

    private void take(Answers answers) {
        askedAt = System.nanoTime();
        answers.all.forEach(this::remember);
        Optional<Answer> newest = newest(answers);
        newest.ifPresent(answer -> moveTo(answer.master(), answer.epoch()));
        isFailingOver = answers.all.values().stream()
                .anyMatch(answer -> answer.isFailingOver() && answer.master().equals(known));
    }

    /** Of sentinels that are behind what is known already, none; but of sentinels that were all made anew, the newest. */
    private Optional<Answer> newest(Answers answers) {
        Comparator<Answer> order = Comparator.comparingLong(Answer::epoch);
        if (!question.mayBeStale()) {
            order = Comparator.comparing(answer -> !answer.master().equals(known));
        }
        return answers.all.values().stream().max(order).filter(answer -> answer.epoch() >= epoch || answers.isComplete);
    }

    private void remember(HostAndPort informant, Answer answer) {
        answer.informants().stream().filter(node -> !informants.contains(node)).forEach(informants::add);
        informants.remove(informant);
        informants.add(0, informant); // who answers is asked first
    }

    private void moveTo(HostAndPort master, long newEpoch) {
        epoch = newEpoch;
        if (!master.equals(known)) {
            LOG.info("Redis ({}) takes writes at {}", where, master);
            known = master;
            doubted = false;
        }
    }
}
