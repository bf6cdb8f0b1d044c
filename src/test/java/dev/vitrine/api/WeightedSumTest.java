package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightedSumTest {
    private static final float[] EAST = {1, 0};
    private static final float[] NORTH = {0, 1};

    @Test
    void equalWeightsGiveTheDirectionBetween() {
        float[] between =
                new WeightedSum(2).add(EAST, 3).add(NORTH, 3).direction().orElseThrow();
        assertThat(between[0]).isCloseTo((float) Math.sqrt(0.5), within(1e-6f));
        assertThat(between[1]).isCloseTo((float) Math.sqrt(0.5), within(1e-6f));
    }

    @Test
    void aGreaterWeightDrawsAndANegativeOneTurnsAway() {
        assertThat(new WeightedSum(2).add(EAST, 4).add(NORTH, 3).direction().orElseThrow())
                .containsExactly(0.8f, 0.6f);
        assertThat(new WeightedSum(2).add(EAST, 4).add(NORTH, -3).direction().orElseThrow())
                .containsExactly(0.8f, -0.6f);
        assertThat(new WeightedSum(2).add(EAST, -1).direction().orElseThrow()).containsExactly(-1f, 0f);
    }

    @Test
    void whatCancelsOutHasNoDirection() {
        assertThat(new WeightedSum(2).direction()).isEmpty();
        assertThat(new WeightedSum(2).add(EAST, 2).add(EAST, -2).direction()).isEmpty();
        assertThat(new WeightedSum(2)
                        .add(EAST, 1)
                        .add(new float[] {-1, 1e-6f}, 1)
                        .direction())
                .as("what rounding leaves")
                .isEmpty();
        assertThat(new WeightedSum(2).add(EAST, 1e-6).direction())
                .as("however small the weights")
                .isPresent();
    }
}
