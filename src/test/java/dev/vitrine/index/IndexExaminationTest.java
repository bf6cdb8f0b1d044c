package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexExaminationTest {
    private static IndexSettings settings(String url, String collection) {
        return new IndexSettings(url, null, collection, Path.of("nowhere"), Duration.ofSeconds(5));
    }

    @Test
    void seesVersionCollectionAndCopiesOfAQdrant() {
        String url = QdrantServer.shared().grpcUrl();
        assertThat(new IndexExamination(settings(url, "not-there")).run())
                .allMatch(one -> one.verdict() == Verdict.GOOD)
                .extracting(Diagnosis::found)
                .satisfiesExactly(one -> assertThat(one).contains("version 1."), one -> assertThat(one)
                        .contains("made at the first start"));

        try (ProductIndex index = ProductIndex.open(settings(url, "examined"), new VectorSpace("m", "f", 4))) {
            index.check();
        }
        List<Diagnosis> all = new IndexExamination(settings(url, "examined")).run();
        assertThat(all.get(1).found()).contains("0 points of 4 dimensions", "by m");
        assertThat(all.get(2).verdict()).isEqualTo(Verdict.ADVICE);
        assertThat(all.get(2).found()).contains("one copy");
    }

    @Test
    void saysWhatToDoWhereNoneAnswers() {
        assertThat(new IndexExamination(settings("http://127.0.0.1:1", "products")).run())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.verdict()).isEqualTo(Verdict.FAULT);
                    assertThat(one.found()).contains("127.0.0.1:1", "cannot be reached");
                    assertThat(one.advice()).contains("VITRINE_QDRANT_URL");
                });
    }
}
