package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.http.Problems.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.junit.jupiter.api.Test;

/** What clients are told of failures. */
class ProblemsTest {
    private static final String PATH = "/var/lib/shop/spool/1.img";

    private final Problems problems = new Problems(failure -> Optional.empty());

    @Test
    void tellsNoPathAndNoHostOfTheService() {
        List<Exception> failures = List.of(
                new FileSystemException(PATH, null, "No space left on device"),
                new UncheckedIOException(new IOException(PATH)),
                new GenericFileOperationFailedException("Cannot store " + PATH),
                new TimeoutException(PATH),
                new IllegalStateException(PATH));
        for (Exception failure : failures) {
            Problem problem = problems.of(failure);
            assertThat(problem.status()).isIn(500, 503);
            assertThat(problem.detail()).isNotBlank().doesNotContain("/var/lib");
        }
    }

    @Test
    void tellsWhatARouteRefuses() {
        Problem problem = problems.of(ProblemException.ofField(400, "name", "is missing"));
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.errors()).hasSize(1);
    }
}
