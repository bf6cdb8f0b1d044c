package dev.vitrine.queue;

import java.util.List;

/**
 * The names of a queue's keys. All carry the queue's name as a hash tag, so that one node of a Redis Cluster has them
 * all and a script may touch several.
 */
record QueueKeys(String name) {

    QueueKeys {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "A queue's name has 1 to 64 letters, digits, '.', '_' or '-': '" + name + "'");
        }
    }

    String jobs() {
        return key("jobs");
    }

    String leases() {
        return key("leases");
    }

    String later() {
        return key("later");
    }

    String dead() {
        return key("dead");
    }

    String recent() {
        return key("recent");
    }

    String counts() {
        return key("counts");
    }

    String workers() {
        return key("workers");
    }

    String upkeep(String task) {
        return key("upkeep:") + task;
    }

    /** The last version that was given to an upload or a deletion. */
    String version() {
        return key("version");
    }

    String job(String id) {
        return key("job:") + id;
    }

    /** In the order in which {@code prelude.lua} reads them. */
    List<String> all() {
        return List.of(jobs(), leases(), later(), dead(), recent(), counts(), workers(), key("job:"), key("done:"));
    }

    private String key(String what) {
        return "{" + name + "}:" + what;
    }
}
