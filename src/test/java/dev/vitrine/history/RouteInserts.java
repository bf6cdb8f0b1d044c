package dev.vitrine.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The statements of {@code routes/history.camel.yaml}, for measurements without the route. */
final class RouteInserts {
    private final NamedParameterJdbcTemplate jdbc;
    private final List<String> statements;

    RouteInserts(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
        try {
            JsonNode routes = new YAMLMapper()
                    .readTree(Path.of("routes/history.camel.yaml").toFile());
            statements = routes.findValuesAsText("query").stream()
                    .map(query -> query.replace(":#", ":"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs them one after another. */
    @SuppressWarnings("unchecked")
    void run(List<Map<String, Object>> rows) {
        statements.forEach(statement -> jdbc.batchUpdate(statement, rows.toArray(Map[]::new)));
    }

    /** Attempts that have just ended, of new jobs. */
    static List<Map<String, Object>> rows(int count) {
        List<Map<String, Object>> rows = new ArrayList<>();
        OffsetDateTime now = OffsetDateTime.now();
        for (int i = 0; i < count; i++) {
            Map<String, Object> row = new HashMap<>();
            row.put("job_id", UUID.randomUUID().toString());
            row.put("lease", UUID.randomUUID().toString());
            row.put("attempt", 1);
            row.put("outcome", "completed");
            row.put("product_id", "product-" + i);
            row.put("image_id", "image");
            row.put("name", "Blue mug");
            row.put("collection", null);
            row.put("created", now);
            row.put("started", now);
            row.put("finished", now);
            row.put("worker", "worker-1");
            row.put("model", "clip-vit-b32");
            row.put("reason", null);
            row.put("digest", null);
            rows.add(row);
        }
        return rows;
    }
}
