package dev.vitrine.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.job.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;

class FailureKindsTest {
    private final FailureKinds kinds = new FailureKinds();

    @Test
    void theOutermostExceptionThatSaysItCounts() {
        IOException closed = new IOException("connection closed");

        assertThat(kinds.of(new IndexUnavailableException("away", closed))).isEqualTo(FailureKind.INDEX);
        assertThat(kinds.of(new CamelExecutionException("step", null, new UncheckedIOException(closed))))
                .isEqualTo(FailureKind.DISK);
        assertThat(kinds.of(new UnusablePictureException(UnusablePictureException.Reason.DAMAGED, "cut off", closed)))
                .isEqualTo(FailureKind.PICTURE);
        assertThat(kinds.of(new OutOfMemoryError())).isEqualTo(FailureKind.MEMORY);
    }

    @Test
    void whatNobodyKnowsIsOther() {
        IllegalStateException circle = new IllegalStateException("a");
        circle.initCause(new IllegalStateException("b", circle));

        assertThat(kinds.of(circle)).isEqualTo(FailureKind.OTHER);
        assertThat(kinds.of(null)).isEqualTo(FailureKind.OTHER);
    }
}
