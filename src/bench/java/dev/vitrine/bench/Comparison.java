package dev.vitrine.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The costs of a run beside those that the last release had. */
final class Comparison {
    /** Less than this is no change, however quiet both runs were: another day, another machine of the same kind. */
    private static final double LEAST = 0.25;

    private static final String RELEASE = "release-costs.json";

    private final List<Cost> release;

    Comparison(List<Cost> release) {
        this.release = release;
    }

    /** With the last release's, which came with the benchmark. */
    static Comparison withRelease() throws IOException {
        try (InputStream in = Comparison.class.getResourceAsStream(RELEASE)) {
            return new Comparison(new ObjectMapper().readValue(in, new TypeReference<List<Cost>>() {}));
        }
    }

    /**
     * A cost and how it moved.
     *
     * @param before the ratio that the last release had
     * @param change of the ratio, 0.1 for a tenth more
     * @param noise how large a change must be to be one, by both runs' own turns
     */
    record Move(Cost cost, double before, double change, double noise) {

        /** More than noise, whether better or worse. */
        boolean isReal() {
            return Math.abs(change) > noise;
        }

        /** A whole became dearer by more than noise. */
        boolean isWorse() {
            return cost.isWhole() && change > noise;
        }
    }

    /** Of all costs that both have, in the order of this run. */
    List<Move> moves(List<Cost> costs) {
        Map<String, Cost> before = byName(release);
        List<Move> moves = new ArrayList<>();
        byName(costs).forEach((name, cost) -> {
            Cost old = before.get(name);
            if (old != null && old.ratio() > 0) {
                double noise = Math.max(LEAST, 2 * (cost.noise() + old.noise()));
                moves.add(new Move(cost, old.ratio(), cost.ratio() / old.ratio() - 1, noise));
            }
        });
        return moves;
    }

    /**
     * Throws where a product or an upload became dearer by more than noise.
     *
     * @throws BenchException which names them
     */
    void check(List<Cost> costs) {
        List<String> worse = moves(costs).stream()
                .filter(Move::isWorse)
                .map(move -> String.format(
                        Locale.ROOT, "%s by %.0f %%", move.cost().what(), move.change() * 100))
                .toList();
        if (!worse.isEmpty()) {
            throw new BenchException("Dearer than in the last release by more than noise: " + String.join("; ", worse)
                    + ". The parts above say where");
        }
    }

    /** Parts have the name of their whole before theirs, as two wholes have parts of the same name. */
    private static Map<String, Cost> byName(List<Cost> costs) {
        String[] whole = {""};
        Function<Cost, String> name = cost -> {
            whole[0] = cost.isWhole() ? cost.what() : whole[0];
            return cost.isWhole() ? cost.what() : whole[0] + cost.what();
        };
        return costs.stream().collect(Collectors.toMap(name, c -> c, (a, b) -> a, LinkedHashMap::new));
    }
}
