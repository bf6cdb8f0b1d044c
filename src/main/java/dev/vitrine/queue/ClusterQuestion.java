package dev.vitrine.queue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Asks a node of a cluster for the master of the slot that all keys with one hash tag are in.
 *
 * @param slot from 0 to 16,383
 */
record ClusterQuestion(int slot) implements MasterQuestion {

    /** For keys that begin with the tag between braces. */
    static ClusterQuestion ofTag(String tag) {
        return new ClusterQuestion(JedisClusterCRC16.getSlot("{" + tag + "}"));
    }

    @Override
    public Answer ask(Jedis informant, HostAndPort address) {
        HostAndPort master = null;
        List<HostAndPort> nodes = new ArrayList<>();
        for (Object entry : slots(informant, address)) {
            List<?> range = (List<?>) entry; // first slot, last slot, master, replicas
            for (int i = 2; i < range.size(); i++) {
                HostAndPort node = node((List<?>) range.get(i), address);
                nodes.add(node);
                if (i == 2 && slot >= (Long) range.get(0) && slot <= (Long) range.get(1)) {
                    master = node;
                }
            }
        }
        if (master == null) {
            throw new JedisDataException("the cluster, says its node at " + address + ", has nobody who serves slot "
                    + slot + ", where the queue is");
        }
        return new Answer(master, 0, false, nodes);
    }

    @Override
    public boolean mayBeStale() {
        return false; // who is not the master of a key redirects
    }

    private static List<Object> slots(Jedis informant, HostAndPort address) {
        try {
            return informant.clusterSlots();
        } catch (JedisDataException e) {
            if (String.valueOf(e.getMessage()).contains("cluster support disabled")) {
                throw new JedisDataException(
                        "the Redis at " + address + " is no node of a cluster; write redis:// in VITRINE_REDIS_URL");
            }
            throw e;
        }
    }

    /** A node that does not know its own address is where it was asked. */
    private static HostAndPort node(List<?> entry, HostAndPort asked) {
        String host = entry.get(0) == null ? "" : new String((byte[]) entry.get(0), StandardCharsets.UTF_8);
        int port = ((Long) entry.get(1)).intValue();
        return new HostAndPort(host.isEmpty() || host.equals("?") ? asked.getHost() : host, port);
    }
}
