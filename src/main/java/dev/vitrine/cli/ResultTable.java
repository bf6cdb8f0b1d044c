package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Prints the answer of a search. */
final class ResultTable {
    private final PrintWriter out;

    ResultTable(PrintWriter out) {
        this.out = out;
    }

    void print(JsonNode answer) {
        JsonNode results = answer.path("results");
        if (results.isEmpty()) {
            out.println("Nothing found; the index holds no products yet.");
        } else {
            Table table = new Table("#", "SCORE", "PRODUCT", "NAME");
            int rank = 0;
            for (JsonNode result : results) {
                table.row(
                        ++rank,
                        "%.4f".formatted(result.path("score").asDouble()),
                        result.path("product_id").asText(),
                        result.path("name").asText());
            }
            table.print(out, Table.terminal());
        }
        out.printf(
                "in %.1f ms with %s%n",
                answer.path("took_ms").asDouble(), answer.path("model").asText());
        out.flush();
    }
}
