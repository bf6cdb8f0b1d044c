package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.testing.QdrantServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real servers, several of which are named. */
@Timeout(60)
class SeveralServersTest {
    private static QdrantServer other;

    private final String name = "several-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        other = QdrantServer.startNew(Map.of());
    }

    @AfterAll
    static void stop() {
        if (other != null) {
            other.close();
        }
    }

    private IndexSettings settings(String... urls) {
        return new IndexSettings(String.join(",", urls), null, name, null, Duration.ofSeconds(10));
    }

    private QdrantIndex index(String... urls) {
        return new QdrantIndex(settings(urls), SPACE);
    }

    private static String away() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + free.getLocalPort();
        }
    }

    /** Whichever of them is asked first, and last. */
    @RepeatedTest(3)
    void nodesThatAreAwayOrHangCostNoUploadAndNoSearch(RepetitionInfo repetition) throws Exception {
        try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<String> urls = new ArrayList<>(List.of(
                    away(),
                    "http://127.0.0.1:" + hung.getLocalPort(),
                    QdrantServer.shared().grpcUrl()));
            Collections.rotate(urls, repetition.getCurrentRepetition());
            worksWith(urls);
        }
    }

    private void worksWith(List<String> urls) {
        try (QdrantIndex index = index(urls.toArray(String[]::new))) {
            for (int i = 0; i < 5; i++) {
                index.upsert(product("p" + i, "main", 1), vector(i));
                assertThat(index.search(vector(i), 1, 0.99f)).hasSize(1);
            }
            assertThat(index.delete("p1")).isOne();
            assertThat(index.count()).isEqualTo(4);
        }
    }

    @Test
    void serversOfTheirOwnAreNoCluster() {
        String[] both = {QdrantServer.shared().grpcUrl(), other.grpcUrl()};
        for (String one : both) {
            try (QdrantIndex index = index(one)) {
                index.check();
            }
        }
        try (QdrantIndex index = index(both)) {
            assertThatThrownBy(index::check)
                    .isInstanceOf(UnfitIndexException.class)
                    .hasMessageContainingAll("not of one cluster", both[0], both[1]);
        }
        assertThat(new IndexExamination(settings(both)).run())
                .extracting(Diagnosis::found)
                .anyMatch(found -> found.contains("not of one cluster"));
    }

    @Test
    void theDoctorNamesTheNodeThatIsAwayAndTheOneThatKnowsNothing() throws Exception {
        String away = away();
        try (QdrantIndex index = index(other.grpcUrl())) {
            index.check();
        }
        List<Diagnosis> all = new IndexExamination(
                        settings(other.grpcUrl(), away, QdrantServer.shared().grpcUrl()))
                .run();
        assertThat(all)
                .filteredOn(one -> one.verdict() == Diagnosis.Verdict.FAULT)
                .extracting(Diagnosis::found)
                .satisfiesExactly(one -> assertThat(one).contains(away, "cannot be reached"), one -> assertThat(one)
                        .contains(QdrantServer.shared().grpcUrl(), "does not know it"));
    }

    @Test
    void aCollectionIsMadeAsTheSettingsSayAndComparedWithThem() {
        QdrantLayout layout = new QdrantLayout(3, 1, 1);
        String url = QdrantServer.shared().grpcUrl();
        try (QdrantIndex index = new QdrantIndex(settings(url).withLayout(layout), SPACE)) {
            index.check();
        }
        assertThat(layoutOf(url, layout)).isEmpty();
        assertThat(layoutOf(url, new QdrantLayout(4, 2, 1)))
                .satisfiesExactly(
                        shards -> assertThat(shards).contains("has 3 shards"),
                        copies -> assertThat(copies).contains("made for 1 copies"),
                        few -> assertThat(few).contains("fewer than 2 active copies of the shards 0, 1, 2"));
    }

    private List<String> layoutOf(String url, QdrantLayout layout) {
        return new IndexExamination(settings(url).withLayout(layout))
                .run().stream()
                        .filter(one -> one.subject().endsWith(" layout"))
                        .map(Diagnosis::found)
                        .toList();
    }
}
