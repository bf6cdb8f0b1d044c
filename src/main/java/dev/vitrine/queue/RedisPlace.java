package dev.vitrine.queue;

import redis.clients.jedis.HostAndPort;

/** Where the server that takes the writes is. Thread-safe. */
interface RedisPlace {

    /**
     * Its address, as far as anybody knows.
     *
     * @throws redis.clients.jedis.exceptions.JedisException where nobody can say
     */
    HostAndPort now();

    /** The server there does not answer, or is no longer the one: who is to say is asked again. */
    void doubt(HostAndPort address);

    /** The server there answers and is the one. */
    void confirm(HostAndPort address);

    /** Whether a former master goes on taking writes, so that a new connection has to ask the server for its role. */
    boolean mayBeStale();

    /** Ends what goes on in the background. */
    default void close() {
        // nothing does
    }

    /** One server that is where it is. */
    static RedisPlace fixed(HostAndPort address) {
        return new RedisPlace() {
            @Override
            public HostAndPort now() {
                return address;
            }

            @Override
            public void doubt(HostAndPort other) {
                // nobody else can be asked
            }

            @Override
            public void confirm(HostAndPort other) {
                // nothing was doubted
            }

            @Override
            public boolean mayBeStale() {
                return false;
            }
        };
    }
}
