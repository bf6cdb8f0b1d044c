package dev.vitrine.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.JobEvent;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** What {@code routes/history.camel.yaml} calls. */
public final class History implements GenericFileFilter<Object> {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    /** Rows that one statement deletes at most, so that none holds up what is written meanwhile. */
    static final int MOST_DELETED = 5_000;

    private static final String DELETE = "delete from vitrine_job where job_id in (select job_id from vitrine_job"
            + " where status = ? and changed_at < ? order by changed_at limit " + MOST_DELETED + ")";

    private final Optional<HistoryDatabase> database;
    private final Optional<HistoryOutbox> outbox;
    private final HistorySettings settings;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    History(Optional<HistoryDatabase> database, Optional<HistoryOutbox> outbox, HistorySettings settings, Clock clock) {
        this.database = database;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether a file of the outbox can be put into the database now. */
    @Override
    public boolean accept(GenericFile<Object> file) {
        return database.map(HistoryDatabase::isUp).orElse(false);
    }

    /**
     * Reads a file of the outbox.
     *
     * @return a row for each attempt, by the names of {@code routes/history.camel.yaml}, ordered by job; a line that
     *     cannot be read is left out and said in the log
     */
    public List<Map<String, Object>> rows(@Variable("file") File file) throws IOException {
        Path path = file.toPath();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String line : Files.readString(path, StandardCharsets.UTF_8).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            try {
                rows.add(row(json.readValue(line, JobEvent.class)));
            } catch (JsonProcessingException | RuntimeException e) {
                // A machine that stopped dead leaves half a line; nothing more can be known of it.
                LOG.warn("A line of the history in {} cannot be read and is left out: {}", path, e.getMessage());
            }
        }
        // Processes that write the same jobs do it in one order, so that none waits for another in a circle.
        rows.sort(Comparator.comparing(row -> (String) row.get("job_id")));
        return rows;
    }

    /** Notes that a file is in the database. */
    public void done(@Variable("file") File file) {
        outbox.ifPresent(box -> box.done(file.length()));
    }

    /** Notes that the database did not take a file; it comes again once the database answers. */
    public void failed(Throwable cause) {
        LOG.debug("The history waits", cause);
        database.ifPresent(data -> data.failed(cause));
    }

    /**
     * Puts a file aside that the database answers and refuses, so that those behind it get in.
     *
     * @throws IOException where it cannot be put aside, and then it comes again
     */
    public void refused(@Variable("file") File file, @ExchangeException Throwable cause) throws IOException {
        Path aside =
                Files.createDirectories(file.toPath().resolveSibling("refused")).resolve(file.getName());
        long lines;
        try (Stream<String> all = Files.lines(file.toPath())) {
            lines = all.count();
        }
        Files.copy(file.toPath(), aside, StandardCopyOption.REPLACE_EXISTING);
        outbox.ifPresent(box -> box.lost(lines));
        LOG.error("The history's database refuses {} attempts; they are in {}", lines, aside, cause);
    }

    /** Deletes what is older than the settings say, a few thousand rows at a time. Returns how many jobs went. */
    public int expire() {
        if (database.isEmpty() || !database.get().isUp()) {
            return 0;
        }
        JdbcTemplate jdbc = new JdbcTemplate(database.get());
        return expire(jdbc, "completed", settings.completed()) + expire(jdbc, "failed", settings.failed());
    }

    private int expire(JdbcTemplate jdbc, String status, Duration age) {
        Timestamp before = Timestamp.from(clock.instant().minus(age));
        int all = 0;
        int deleted;
        do {
            long start = System.nanoTime();
            deleted = jdbc.update(DELETE, status, before);
            all += deleted;
            if (deleted == MOST_DELETED && !restAsLongAs(System.nanoTime() - start)) {
                return all;
            }
        } while (deleted == MOST_DELETED);
        return all;
    }

    /** The database's disk belongs to others half of the time. Returns false where the service stops. */
    private static boolean restAsLongAs(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Map<String, Object> row(JobEvent event) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("job_id", StorableText.of(event.jobId(), 64));
        row.put("lease", StorableText.of(event.lease(), 128));
        row.put("attempt", event.attempt());
        row.put("outcome", event.outcome().wireName());
        row.put("product_id", StorableText.of(event.productId() == null ? "" : event.productId(), 512));
        row.put("image_id", StorableText.of(event.imageId(), 512));
        row.put("name", StorableText.of(event.name(), 2_000));
        row.put("collection", StorableText.of(event.collection(), 128));
        row.put("created", time(event.created()));
        row.put("started", time(event.started()));
        row.put("finished", time(event.finished()));
        row.put("worker", StorableText.of(event.worker(), 256));
        row.put("model", StorableText.of(event.model(), 256));
        row.put("reason", StorableText.of(event.reason(), 8_000));
        row.put("digest", StorableText.of(event.digest(), 64));
        return row;
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
