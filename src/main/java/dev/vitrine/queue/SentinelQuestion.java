package dev.vitrine.queue;

import java.util.List;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks a sentinel for the server that it knows by a name.
 *
 * @param name of the master
 */
record SentinelQuestion(String name) implements MasterQuestion {

    /**
     * The address comes last, so that it is never older than the epoch: the sentinel that leads a failover has the new epoch
     * and names the new master before the failover is over.
     */
    @Override
    public Answer ask(Jedis informant, HostAndPort address) {
        Map<String, String> state = state(informant, address);
        List<String> parts = informant.sentinelGetMasterAddrByName(name);
        if (parts == null || parts.size() < 2) {
            throw unknown(address);
        }
        HostAndPort master = new HostAndPort(parts.get(0), Integer.parseInt(parts.get(1)));
        HostAndPort replaced = new HostAndPort(state.get("ip"), Integer.parseInt(state.get("port")));
        return new Answer(
                master,
                Long.parseLong(state.getOrDefault("config-epoch", "0")),
                state.getOrDefault("flags", "").contains("failover_in_progress") && master.equals(replaced),
                List.of());
    }

    private Map<String, String> state(Jedis informant, HostAndPort address) {
        try {
            return informant.sentinelMaster(name);
        } catch (JedisDataException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("unknown command")) {
                throw new JedisDataException(
                        "the Redis at " + address + " is no sentinel; write the sentinels' ports in VITRINE_REDIS_URL");
            }
            throw message.contains("No such master") ? unknown(address) : e;
        }
    }

    private JedisDataException unknown(HostAndPort address) {
        return new JedisDataException("the sentinel at " + address + " knows no master of the name '" + name + "'");
    }

    /** A sentinel's password is not the servers', which the URL has. */
    @Override
    public JedisException explain(JedisException problem, HostAndPort address) {
        return problem instanceof JedisAccessControlException
                ? new JedisAccessControlException("the sentinel at " + address + " refuses: " + problem.getMessage()
                        + "; check VITRINE_REDIS_SENTINEL_PASSWORD")
                : problem;
    }

    @Override
    public boolean mayBeStale() {
        return true;
    }
}
