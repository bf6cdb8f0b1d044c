package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.Settings;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.QdrantServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.QdrantGrpc.QdrantImplBase;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckReply;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Qdrant that ignores the condition of an upsert is not used. */
class OldQdrantTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** What an old server says of itself; there is none to be had for a test. */
    private static Server old(int port, String version) throws IOException {
        return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .addService(new QdrantImplBase() {
                    @Override
                    public void healthCheck(HealthCheckRequest request, StreamObserver<HealthCheckReply> answer) {
                        answer.onNext(HealthCheckReply.newBuilder()
                                .setTitle("qdrant - vector search engine")
                                .setVersion(version)
                                .build());
                        answer.onCompleted();
                    }
                })
                .build()
                .start();
    }

    private static IndexPart part(String url) {
        return new IndexPart(
                new IndexSettings(url, null, "test-" + UUID.randomUUID(), Path.of("unused"), DEADLINE),
                1,
                Settings.load(Path.of("unused"), Map.of()).pictures(),
                () -> SPACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.15.5", "v1.9.0", "0.11.2"})
    void isRefusedAtTheStartInASentence(String version) throws Exception {
        Server server = old(0, version);
        IndexPart part = part("http://127.0.0.1:" + server.getPort());
        try {
            assertThatThrownBy(part::open)
                    .hasMessageContaining("is version " + version)
                    .hasMessageContaining("use version 1.16 or newer");
        } finally {
            part.close();
            server.shutdownNow();
        }
    }

    @Test
    void isUnfitWhereItIsReachedLater() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        IndexPart part = part("http://127.0.0.1:" + port);
        try (LogLines log = new LogLines(IndexPart.class)) {
            part.open();
            assertThat(log.messages()).singleElement().asString().contains("cannot be reached");
            Server server = old(port, "1.15.5");
            try {
                await().untilAsserted(() -> assertThatThrownBy(() -> part.main().count())
                        .isInstanceOf(UnfitIndexException.class)
                        .hasMessageContaining("1.15.5"));
                assertThatThrownBy(
                                () -> part.main().upsert(SamplePoints.product("p", "main", 1), SamplePoints.vector(1)))
                        .isInstanceOf(IndexUnavailableException.class);
            } finally {
                server.shutdownNow();
            }
        } finally {
            part.close();
        }
    }

    @Test
    void isNotTheOneThatIsTestedAgainst() {
        IndexPart part = part(QdrantServer.shared().grpcUrl());
        part.open();
        part.close();
    }

    @Test
    void isSaidOnceWhenItGoesAwayAndOnceWhenItIsBack() throws Exception {
        try (QdrantServer server = QdrantServer.startNew(Map.of());
                LogLines log = new LogLines(IndexWatch.class);
                QdrantIndex index = new QdrantIndex(server.grpcUrl(), null, "watched", DEADLINE, SPACE)) {
            index.check();
            try (IndexWatch watch = new IndexWatch(index, Duration.ofMillis(20), false)) {
                server.kill();
                await().until(() -> log.messages().size() == 1);
                server.start();
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> log.messages().size() == 2);
                assertThat(watch).isNotNull();
            }
            assertThat(log.messages().get(0)).contains("cannot be reached", "wait in the queue");
            assertThat(log.messages().get(1)).contains("is back");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.16.0, true", "1.17.3-dev, true", "v2.0.0, true", "1.15.9, false"})
    void isKnownByItsVersion(String version, boolean fit) {
        assertThat(QdrantVersion.of(version).orElseThrow().compareTo(QdrantVersion.OLDEST) >= 0)
                .isEqualTo(fit);
        assertThat(QdrantVersion.of("nightly")).isEmpty();
    }
}
