package dev.vitrine.queue;

import java.util.List;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Asks a sentinel for the server that it knows by a name.
 *
 * @param name of the master
 */
record SentinelQuestion(String name) implements MasterQuestion {

    @Override
    public Answer ask(Jedis informant, HostAndPort address) {
        List<String> master = master(informant, address);
        if (master == null || master.size() < 2) {
            throw new JedisDataException("the sentinel at " + address + " knows no master of the name '" + name + "'");
        }
        return new Answer(new HostAndPort(master.get(0), Integer.parseInt(master.get(1))), List.of());
    }

    private List<String> master(Jedis informant, HostAndPort address) {
        try {
            return informant.sentinelGetMasterAddrByName(name);
        } catch (JedisDataException e) {
            if (String.valueOf(e.getMessage()).contains("unknown command")) {
                throw new JedisDataException(
                        "the Redis at " + address + " is no sentinel; write the sentinels' ports in VITRINE_REDIS_URL");
            }
            throw e;
        }
    }

    @Override
    public boolean mayBeStale() {
        return true;
    }
}
