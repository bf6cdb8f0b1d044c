package dev.vitrine.intake.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @Test
    void isWhatStandsBetweenTheQuotes() {
        assertThat(IdempotencyKey.of(List.of())).isNull();
        assertThat(IdempotencyKey.of(List.of("\"a b\""))).isEqualTo("a b");
        assertThat(IdempotencyKey.of(List.of(" \"say \\\"hi\\\" \\\\\" "))).isEqualTo("say \"hi\" \\");
        assertThat(IdempotencyKey.of(List.of('"' + "k".repeat(255) + '"'))).hasSize(255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\u00e4\"", "\"a\u0000\"", "\"a\\b\"", "'a'", "a"})
    void takesPrintableAsciiInQuotesAlone(String value) {
        assertThatThrownBy(() -> IdempotencyKey.of(List.of(value)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void isOneOfAtMost255Characters() {
        assertThatThrownBy(() -> IdempotencyKey.of(List.of("\"a\"", "\"b\""))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> IdempotencyKey.of(List.of('"' + "k".repeat(256) + '"')))
                .isInstanceOf(ProblemException.class);
    }
}
