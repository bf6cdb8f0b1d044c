package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.QdrantServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QdrantIndexTest {

    /** Long, so that a busy machine fails no test, and what fails at once shows. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Duration SHORT_DEADLINE = Duration.ofSeconds(1);

    private final String collection = "test-" + UUID.randomUUID();

    private QdrantIndex index(QdrantServer server, String apiKey) {
        return new QdrantIndex(server.grpcUrl(), apiKey, collection, DEADLINE, SPACE);
    }

    private QdrantIndex shared() {
        return index(QdrantServer.shared(), null);
    }

    @Test
    void aServerThatIsDownCostsLittleAndIsFoundWhenItComes() {
        try (QdrantServer server = QdrantServer.create(Map.of());
                QdrantIndex index = index(server, null)) {
            for (int i = 0; i < 3; i++) {
                assertUnavailable(AT_ONCE, index::count, "VITRINE_QDRANT_URL");
                assertUnavailable(AT_ONCE, () -> index.upsert(product("p", "main", 1), vector(1)), server.grpcUrl());
            }
            server.start();
            index.upsert(product("p", "main", 1), vector(1));
            assertThat(index.count()).isOne();
        }
    }

    @Test
    void aServerThatIsKilledAndStartedAgainIsFoundWithAllThatWasAcknowledged() {
        try (QdrantServer server = QdrantServer.startNew(Map.of());
                QdrantIndex index = index(server, null)) {
            for (int i = 0; i < 30; i++) {
                index.upsert(product("p" + i, "main", 2), vector(i));
            }
            index.upsert(product("p7", "main", 1), vector(99));
            index.upsert(product("p8", "main", 3), vector(98));
            assertThat(index.delete("p9")).isOne();
            server.kill();
            assertUnavailable(AT_ONCE, index::check, "cannot be reached");
            server.start();
            await().atMost(Duration.ofSeconds(10)).untilAsserted(index::check);
            assertThat(index.count()).isEqualTo(29);
            assertThat(index.find("p7")).containsExactly(product("p7", "main", 2));
            assertThat(index.find("p8")).containsExactly(product("p8", "main", 3));
            assertThat(index.find("p9")).isEmpty();
            assertThat(index.search(vector(7), 1, 0.999f)).hasSize(1);
        }
    }

    /** Where a server is killed while a call is under way. */
    @Test
    void aConnectionThatEndsIsAServerThatCannotBeReached() {
        try (QdrantConnection connection =
                new QdrantConnection("http://127.0.0.1:6334", null, IndexSettings.DEFAULT_DEADLINE)) {
            assertThat(connection.failure(Status.UNKNOWN
                            .withDescription("channel closed")
                            .withCause(new ClosedChannelException())
                            .asRuntimeException()))
                    .isInstanceOf(IndexUnavailableException.class)
                    .hasMessageContainingAll("cannot be reached", "channel closed");
        }
    }

    @Test
    void aServerThatHangsCostsEveryCallerItsDeadlineOnce() throws Exception {
        try (QdrantServer server = QdrantServer.startNew(Map.of());
                QdrantIndex index = index(server, null);
                QdrantIndex hasty = new QdrantIndex(server.grpcUrl(), null, collection, SHORT_DEADLINE, SPACE)) {
            index.upsert(product("p", "main", 1), vector(1));
            await().untilAsserted(hasty::check);
            server.pause();
            ExecutorService callers = Executors.newFixedThreadPool(8);
            try {
                List<Callable<Void>> calls = IntStream.range(0, 8)
                        .mapToObj(i -> (Callable<Void>) () -> {
                            assertUnavailable(
                                    AT_ONCE,
                                    i % 2 == 0
                                            ? hasty::check
                                            : () -> hasty.upsert(product("q" + i, "main", 1), vector(i)),
                                    "Qdrant at");
                            return null;
                        })
                        .toList();
                for (var call : callers.invokeAll(calls)) {
                    call.get();
                }
            } finally {
                callers.shutdownNow();
            }
            server.resume();
            await().atMost(Duration.ofSeconds(10)).untilAsserted(hasty::check);
            index.upsert(product("p", "main", 2), vector(2));
            assertThat(index.find("p")).extracting(Product::version).containsExactly(2L);
        }
    }

    @Test
    void aWrongKeyIsNamedAsTheReason() {
        try (QdrantServer server = QdrantServer.startNew(Map.of("QDRANT__SERVICE__API_KEY", "right"))) {
            for (String key : new String[] {null, "", "wrong"}) {
                try (QdrantIndex index = index(server, key)) {
                    assertUnavailable(AT_ONCE, index::check, "VITRINE_QDRANT_API_KEY");
                    assertUnavailable(
                            AT_ONCE, () -> index.upsert(product("p", "main", 1), vector(1)), "VITRINE_QDRANT_API_KEY");
                }
            }
            try (QdrantIndex index = index(server, "right")) {
                index.check();
                index.upsert(product("p", "main", 1), vector(1));
                assertThat(index.count()).isOne();
            }
        }
    }

    @Test
    void anAddressThatAcceptsButNeverAnswersCostsTheDeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0);
                QdrantIndex index = new QdrantIndex(
                        "http://127.0.0.1:" + silent.getLocalPort(), null, collection, SHORT_DEADLINE, SPACE)) {
            assertUnavailable(AT_ONCE, index::count, "within 1000 ms");
        }
    }

    @Test
    void theHttpPortInPlaceOfTheGrpcPortIsSuspected() {
        QdrantServer server = QdrantServer.shared();
        try (QdrantIndex index = new QdrantIndex(server.httpUrl(), null, collection, DEADLINE, SPACE)) {
            assertThatThrownBy(index::check)
                    .isInstanceOf(IndexUnavailableException.class)
                    .hasMessageContaining("VITRINE_QDRANT_URL");
        }
    }

    @Test
    void aCollectionThatVanishedIsMadeAgain() throws Exception {
        try (QdrantIndex index = shared()) {
            index.upsert(product("p", "main", 1), vector(1));
            http("DELETE", "/collections/" + collection, null);
            index.upsert(product("q", "main", 1), vector(2));
            assertThat(index.count()).isOne();
            http("DELETE", "/collections/" + collection, null);
            assertThat(index.search(vector(1), 1, -1)).isEmpty();
            http("DELETE", "/collections/" + collection, null);
            assertThat(index.delete("q")).isZero();
        }
    }

    @Test
    void thePayloadIsTheOneOfTheContract() throws Exception {
        try (QdrantIndex index = shared()) {
            index.upsert(
                    product("shoe", "side", 1_771_000_000_123L, Map.of("size", 42, "tags", List.of("a"))), vector(1));
        }
        UUID id = PointIds.of("shoe", "side");
        assertThat(http("GET", "/collections/" + collection + "/points/" + id, null))
                .contains(
                        "\"product_id\":\"shoe\"",
                        "\"image_id\":\"side\"",
                        "\"name\":\"Name of shoe\"",
                        "\"has_image\":true",
                        "\"indexed_at\":\"2026-03-01T12:34:56.789Z\"",
                        "\"version\":1771000000123",
                        "\"model\":\"sample-clip\"",
                        "\"tags\":[\"a\"]",
                        "\"size\":42");
        assertThat(http("GET", "/collections/" + collection, null))
                .contains("\"distance\":\"Cosine\"", "\"vitrine_model\":\"sample-clip\"", "\"data_type\":\"keyword\"");
    }

    @Test
    void aCollectionMadeByHandIsTakenOverAndThenRemembers() throws Exception {
        makeByHand(8, "Cosine");
        http(
                "PUT",
                "/collections/" + collection + "/points?wait=true",
                """
                {"points": [{"id": "%s", "vector": [1,0,0,0,0,0,0,0],
                             "payload": {"product_id": "theirs", "image_id": "main"}}]}"""
                        .formatted(PointIds.of("theirs", "main")));
        try (QdrantIndex index = shared()) {
            index.check();
            assertThat(index.count()).isOne();
            assertThat(index.find("theirs")).extracting(Product::name).containsExactly("");
            index.upsert(product("theirs", "main", 0), vector(1));
            assertThat(index.find("theirs")).containsExactly(product("theirs", "main", 0));
        }
        VectorSpace other = new VectorSpace("other", "f".repeat(64), 8);
        try (QdrantIndex index = new QdrantIndex(QdrantServer.shared().grpcUrl(), null, collection, DEADLINE, other)) {
            assertThatThrownBy(index::check)
                    .isInstanceOf(VectorSpaceMismatchException.class)
                    .hasMessageContainingAll("sample-clip", "other", "VITRINE_COLLECTION");
        }
    }

    @Test
    void aCollectionMadeByHandWhosePointsNameAnotherModelIsRefused() throws Exception {
        makeByHand(8, "Cosine");
        http(
                "PUT",
                "/collections/" + collection + "/points?wait=true",
                """
                {"points": [{"id": 1, "vector": [1,0,0,0,0,0,0,0], "payload": {"model": "theirs"}}]}""");
        try (QdrantIndex index = shared()) {
            assertThatThrownBy(index::check).isInstanceOf(VectorSpaceMismatchException.class);
        }
    }

    @Test
    void aCollectionOfAnotherShapeIsRefused() throws Exception {
        makeByHand(8, "Dot");
        try (QdrantIndex index = shared()) {
            assertThatThrownBy(index::check)
                    .isInstanceOf(VectorSpaceMismatchException.class)
                    .hasMessageContainingAll("Dot", "Cosine");
            assertThatThrownBy(() -> index.upsert(product("p", "main", 1), vector(1)))
                    .isInstanceOf(VectorSpaceMismatchException.class);
        }
    }

    @Test
    void aCollectionExchangedUnderneathIsNoticed() throws Exception {
        try (QdrantIndex index = shared()) {
            index.upsert(product("p", "main", 1), vector(1));
            http("DELETE", "/collections/" + collection, null);
            makeByHand(16, "Cosine");
            assertThatThrownBy(() -> index.upsert(product("p", "main", 1), vector(1)))
                    .isInstanceOf(VectorSpaceMismatchException.class);
            assertThatThrownBy(index::check).isInstanceOf(VectorSpaceMismatchException.class);
        }
    }

    @Test
    void severalProcessesMayMakeTheCollectionAtOnce() {
        List<QdrantIndex> indexes =
                IntStream.range(0, 6).mapToObj(i -> shared()).toList();
        indexes.parallelStream().forEach(QdrantIndex::check);
        assertThat(indexes.get(0).count()).isZero();
        indexes.forEach(QdrantIndex::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost:6334", "redis://localhost", "http://", "http://host/path", "http://a b", "true"})
    void refusesAWrongUrl(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QdrantIndex(url, null, "products", DEADLINE, SPACE))
                .withMessageContaining("VITRINE_QDRANT_URL");
    }

    private static void assertUnavailable(Duration atMost, ThrowingCallable call, String words) {
        long start = System.nanoTime();
        assertThatThrownBy(call)
                .isInstanceOf(IndexUnavailableException.class)
                .hasMessageContaining(words)
                .hasCauseInstanceOf(Exception.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(atMost);
    }

    private void makeByHand(int dimensions, String distance) throws Exception {
        http(
                "PUT",
                "/collections/" + collection,
                """
                {"vectors": {"size": %d, "distance": "%s"}}""".formatted(dimensions, distance));
    }

    private static String http(String method, String path, String json) throws Exception {
        HttpRequest.BodyPublisher body =
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(QdrantServer.shared().httpUrl() + path))
                                .header("Content-Type", "application/json")
                                .method(method, body)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
