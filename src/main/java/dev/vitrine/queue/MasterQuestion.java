package dev.vitrine.queue;

import java.util.Collection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** How sentinels and nodes of a cluster are asked for the master. */
interface MasterQuestion {

    /**
     * What one of them says.
     *
     * @param master takes the writes, as far as the one who was asked knows
     * @param epoch of two answers the one with the higher is newer; 0 where they do not tell
     * @param isFailingOver whether another master is being made just now, so that what is written to this one is lost
     * @param informants who can be asked next time, beside those that are known; may be empty
     */
    record Answer(HostAndPort master, long epoch, boolean isFailingOver, Collection<HostAndPort> informants) {}

    /**
     * Asks one.
     *
     * @param address of the one who is asked
     * @throws redis.clients.jedis.exceptions.JedisException where it cannot say, with the reason
     */
    Answer ask(Jedis informant, HostAndPort address);

    /** What to say of one who did not answer. */
    default JedisException explain(JedisException problem, HostAndPort address) {
        return problem;
    }

    /** Whether a former master may go on taking writes for a while, instead of sending its clients on. */
    boolean mayBeStale();
}
