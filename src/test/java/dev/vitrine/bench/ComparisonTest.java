package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.bench.Comparison.Move;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final String PRODUCT = "a product, from HTTP to the index";
    private static final String UPLOAD = "an upload, to its 202";

    private final Comparison comparison = new Comparison(
            List.of(cost(PRODUCT, 1.1, 1.1, 1.12), cost("  index", 0.05), cost(UPLOAD, 0.4), cost("  index", 0.01)));

    @Test
    void namesWhatBecameDearer() {
        List<Cost> costs = List.of(cost(PRODUCT, 1.4, 1.41, 1.42), cost("  index", 0.3), cost(UPLOAD, 0.41));
        List<Move> moves = comparison.moves(costs);
        assertThat(moves).extracting(move -> move.cost().what()).containsExactly(PRODUCT, "  index", UPLOAD);
        assertThat(moves).extracting(Move::isReal).containsExactly(true, true, false);
        assertThat(moves).extracting(Move::isWorse).containsExactly(true, false, false);
        assertThatThrownBy(() -> comparison.check(costs))
                .hasMessageContaining(PRODUCT + " by 28 %")
                .hasMessageNotContaining(UPLOAD);
    }

    @Test
    void takesPartsOfTheSameNameForThoseOfTheirWhole() {
        List<Move> moves = comparison.moves(List.of(cost(UPLOAD, 0.4), cost("  index", 0.01)));
        assertThat(moves.get(1).before()).isEqualTo(0.01);
    }

    @Test
    void takesNoNoiseForAChange() {
        comparison.check(List.of(cost(PRODUCT, 0.9, 1.4, 1.9)));
        comparison.check(List.of(cost(PRODUCT, 1.3, 1.3, 1.3)));
        assertThat(comparison.moves(List.of(cost(PRODUCT, 0.7, 0.7)))).allMatch(Move::isReal);
        comparison.check(List.of(cost(PRODUCT, 0.7, 0.7)));
    }

    @Test
    void readsTheReleasesCosts() throws Exception {
        Comparison release = Comparison.withRelease();
        assertThat(release.moves(List.of(cost(PRODUCT, 1), cost(UPLOAD, 1))))
                .extracting(move -> move.cost().what())
                .containsExactly(PRODUCT, UPLOAD);
    }

    private static Cost cost(String what, double... ratios) {
        return new Cost(what, 1, "loop", Arrays.stream(ratios).boxed().toList());
    }
}
