package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the history's database has in the end. */
final class KeptHistory {
    private final JdbcTemplate jdbc;

    KeptHistory(String url) {
        this.jdbc = new JdbcTemplate(new DriverManagerDataSource(url));
    }

    /** Each job's end is there once, whatever happened meanwhile. */
    void assertHasEach(Set<String> completed, Set<String> failed, long seed) {
        await("the history has every end; seed " + seed)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions() // a database that was killed may be recovering
                .untilAsserted(() -> {
                    Map<String, List<String>> ends = ends();
                    Set<String> missing = new HashSet<>(completed);
                    missing.addAll(failed);
                    missing.removeAll(ends.keySet());
                    assertThat(missing)
                            .as("ends that the history does not have")
                            .isEmpty();
                    assertThat(completed)
                            .allSatisfy(job -> assertThat(ends.get(job)).as(job).containsExactly("completed"));
                    assertThat(failed)
                            .allSatisfy(job -> assertThat(ends.get(job)).as(job).containsExactly("failed"));
                });
        Integer strays = jdbc.queryForObject(
                "select count(*) from vitrine_job j where not exists (select 1 from vitrine_job_attempt a where"
                        + " a.job_id = j.job_id and a.outcome = j.status)",
                Integer.class);
        assertThat(strays).as("ends without their attempt; seed " + seed).isZero();
        System.out.printf("  %-28s %6d%n", "ends in the history", completed.size() + failed.size());
    }

    private Map<String, List<String>> ends() {
        Map<String, List<String>> ends = new HashMap<>();
        jdbc.query("select job_id, status from vitrine_job", row -> {
            ends.computeIfAbsent(row.getString(1), id -> new ArrayList<>()).add(row.getString(2));
        });
        return ends;
    }
}
