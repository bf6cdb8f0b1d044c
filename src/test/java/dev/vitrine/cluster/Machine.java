package dev.vitrine.cluster;

import dev.vitrine.chaos.Fleet;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.ServiceProcess;

/**
 * A program on a host of its own that can be broken.
 *
 * @param kind what it is: {@code api}, {@code worker}, {@code redis}, {@code qdrant}, {@code s3}
 * @param longest how long it is broken at most, ms; half of it at least
 */
record Machine(String kind, Host host, int longest, Program program) {

    /** The program. */
    interface Program {
        /** Ends it without warning. */
        void kill();

        /** Starts it again. */
        void start();

        /** Stops it in its tracks. */
        void pause();

        void resume();
    }

    /** A process of the service, which its init system starts again. */
    static Machine of(Fleet fleet, String kind, Host host, int longest) {
        return new Machine(kind, host, longest, new Program() {
            @Override
            public void kill() {
                process().kill();
            }

            @Override
            public void start() {
                // its init system does
            }

            @Override
            public void pause() {
                process().pause();
            }

            @Override
            public void resume() {
                process().resume();
            }

            private ServiceProcess process() {
                return fleet.get(host.name());
            }
        });
    }

    static Machine of(RedisServer redis, Host host, int longest) {
        return new Machine("redis", host, longest, new Program() {
            @Override
            public void kill() {
                redis.kill();
            }

            @Override
            public void start() {
                redis.start();
            }

            @Override
            public void pause() {
                redis.pause();
            }

            @Override
            public void resume() {
                redis.resume();
            }
        });
    }

    static Machine of(QdrantServer qdrant, Host host, int longest) {
        return new Machine("qdrant", host, longest, new Program() {
            @Override
            public void kill() {
                qdrant.kill();
            }

            @Override
            public void start() {
                qdrant.start();
            }

            @Override
            public void pause() {
                qdrant.pause();
            }

            @Override
            public void resume() {
                qdrant.resume();
            }
        });
    }
}
