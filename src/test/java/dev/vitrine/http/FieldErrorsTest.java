package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.http.ProblemException.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldErrorsTest {
    private final FieldErrors errors = new FieldErrors();

    private ProblemException refused() {
        return catchThrowableOfType(ProblemException.class, errors::check);
    }

    @Test
    void nothingWrongIsNotRefused() {
        assertThat(errors.read(() -> 7)).isEqualTo(7);
        errors.check();
        assertThat(errors.isEmpty()).isTrue();
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        errors.unknown("limt", "is no member", List.of("limit", "filter"), "there are limit, filter");
        errors.doubled("filter");
        assertThat(errors.<Integer>read(() -> {
                    throw ProblemException.ofField(400, "limit", "must be a whole number");
                }))
                .isNull();

        assertThat(refused().errors()).extracting(FieldError::field).containsExactly("limt", "filter", "limit");
        assertThat(refused())
                .hasMessage("limt: is no member; did you mean \"limit\"? Or there are limit, filter; filter: was sent"
                        + " more than once; send it once; limit: must be a whole number");
    }

    @Test
    void theStatusIsThatOfAllOrElse400() {
        errors.add(413, "image_file", "is too large");
        assertThat(refused().status()).isEqualTo(413);
        errors.add("name", "is missing");
        assertThat(refused().status()).isEqualTo(400);
    }

    @Test
    void whatIsNotAboutAFieldIsNotHeldBack() {
        assertThatThrownBy(() -> errors.read(() -> {
                    throw ProblemException.notFound("gone");
                }))
                .hasMessage("gone");
    }

    @Test
    void aThousandStrangeNamesMakeAShortAnswer() {
        for (int i = 0; i < 1_000; i++) {
            errors.unknown("x\n\u202E".repeat(1_000) + i, "is unknown", List.of("name"), "send name");
        }
        assertThat(refused().errors()).hasSize(50);
        assertThat(refused().getMessage())
                .endsWith("; and 950 more")
                .hasSizeLessThan(10_000)
                .doesNotContain("\n");
    }
}
