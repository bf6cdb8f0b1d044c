package dev.vitrine.queue;

import java.util.Collection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** How sentinels and nodes of a cluster are asked for the master. */
interface MasterQuestion {

    /**
     * What one of them says.
     *
     * @param master takes the writes, as far as the one who was asked knows
     * @param informants who can be asked next time, beside those that are known; may be empty
     */
    record Answer(HostAndPort master, Collection<HostAndPort> informants) {}

    /**
     * Asks one.
     *
     * @param address of the one who is asked
     * @throws redis.clients.jedis.exceptions.JedisException where it cannot say, with the reason
     */
    Answer ask(Jedis informant, HostAndPort address);

    /** Whether a former master may go on taking writes for a while, instead of sending its clients on. */
    boolean mayBeStale();
}
