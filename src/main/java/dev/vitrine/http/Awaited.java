package dev.vitrine.http;

import java.util.Map;
import java.util.Set;

/** Knows the jobs whose end requests wait for. */
public interface Awaited {

    /**
     * Looks at jobs together.
     *
     * @param jobIds what is waited for, in any number
     * @return of those that have ended, the JSON that {@code GET /jobs/{job_id}} gives, by id
     */
    Map<String, byte[]> ended(Set<String> jobIds);
}
