package dev.vitrine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.Awaited;
import dev.vitrine.job.JobState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The ends of jobs, for clients that wait for them. */
public final class AwaitedJobs implements Awaited {
    private final Jobs jobs;
    private final ObjectMapper json;

    /** @param json writes as the routes' answers are written */
    public AwaitedJobs(Jobs jobs, ObjectMapper json) {
        this.jobs = jobs;
        this.json = json;
    }

    @Override
    public Map<String, byte[]> ended(Set<String> jobIds) {
        Map<String, byte[]> ended = new HashMap<>();
        for (JobState job : jobs.find(jobIds)) {
            if (job.status().isTerminal()) {
                ended.put(job.id(), line(jobs.details(job)));
            }
        }
        return ended;
    }

    private byte[] line(JobDetails job) {
        try {
            byte[] text = json.writeValueAsBytes(job);
            byte[] line = Arrays.copyOf(text, text.length + 1);
            line[text.length] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A job cannot be written as JSON", e);
        }
    }
}
