package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;

class FailureReasonTest {

    @Test
    void saysWhatItMeansAndWhatHappened() {
        Exception thrown = new IllegalStateException("No room.", new RuntimeException(new IOException(" disk full ")));

        assertThat(FailureReason.of(thrown).text()).isEqualTo("No room. (disk full)");
    }

    @Test
    void saysTheSameOnlyOnce() {
        Exception thrown = new IllegalStateException("No room: disk full", new IOException("disk full"));

        assertThat(FailureReason.of(thrown).text()).isEqualTo("No room: disk full");
    }

    @Test
    void passesOverExceptionsThatOnlyCarryAnother() {
        Exception exchange = new CamelExecutionException(
                "on the exchange", null, new ExecutionException(new IllegalStateException("No room.")));

        assertThat(FailureReason.of(exchange).text()).isEqualTo("No room.");
    }

    @Test
    void namesTheKindOfACauseThatSaysNothing() {
        assertThat(FailureReason.of(new NullPointerException()).text()).isEqualTo("NullPointerException");
    }

    @Test
    void givesFailuresOfOnePlaceOneDigest() {
        var digests = IntStream.range(0, 3)
                .mapToObj(i ->
                        FailureReason.of(new IllegalStateException("try " + i)).digest())
                .distinct()
                .toList();

        assertThat(digests).hasSize(1);
        assertThat(digests.get(0)).matches("[0-9a-f]{12}");
        assertThat(FailureReason.of(new IllegalArgumentException("try")).digest())
                .isNotIn(digests);
    }

    @Test
    void shortensWhatIsTooLongWithoutCuttingACharacterInTwo() {
        assertThat(new FailureReason("x".repeat(501), "").text()).hasSize(500).endsWith("x…");
        assertThat(new FailureReason("x".repeat(498) + "🪔🪔", "").text())
                .hasSize(499)
                .endsWith("x…");
        assertThat(new FailureReason("x".repeat(500), "").text()).isEqualTo("x".repeat(500));
    }

    @Test
    void endsWithCausesThatGoInACircle() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(FailureReason.of(first).text()).isIn("first", "second");
    }
}
