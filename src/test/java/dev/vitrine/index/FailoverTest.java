package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.LogLines;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.CountResponse;
import io.qdrant.client.grpc.Points.CountResult;
import io.qdrant.client.grpc.PointsGrpc.PointsImplBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that fails at one node is made again at another. The nodes answer as the test says, which no real one would. */
@Timeout(60)
class FailoverTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** A node that answers each count with its own number, or with a failure. */
    private static final class Node extends PointsImplBase implements AutoCloseable {
        private final long number;
        private final AtomicInteger asked = new AtomicInteger();
        private final Server server;
        private volatile Status status = Status.OK;
        private volatile Duration delay = Duration.ZERO;

        Node(long number) throws IOException {
            this.number = number;
            this.server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(this)
                    .build()
                    .start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getPort();
        }

        @Override
        public void count(CountPoints request, StreamObserver<CountResponse> answer) {
            asked.incrementAndGet();
            LockSupport.parkNanos(delay.toNanos());
            if (!status.isOk()) {
                answer.onError(status.asRuntimeException());
                return;
            }
            answer.onNext(CountResponse.newBuilder()
                    .setResult(CountResult.newBuilder().setCount(number))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void close() {
            server.shutdownNow();
        }
    }

    private static long count(QdrantConnection connection) {
        return connection
                .points(connection.deadline())
                .count(CountPoints.getDefaultInstance())
                .getResult()
                .getCount();
    }

    private static QdrantConnection connection(String... urls) {
        return new QdrantConnection(String.join(",", urls), null, LIMIT);
    }

    @Test
    void allNodesAreAskedInTurn() throws Exception {
        try (Node first = new Node(1);
                Node second = new Node(2);
                QdrantConnection connection = connection(first.url(), second.url())) {
            for (int i = 0; i < 10; i++) {
                count(connection);
            }
            assertThat(first.asked).hasValue(5);
            assertThat(second.asked).hasValue(5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "INTERNAL"})
    void aNodeThatFailsIsSetAsideForAWhile(Status.Code code) throws Exception {
        try (Node good = new Node(1);
                Node bad = new Node(2);
                LogLines log = new LogLines(QdrantPeer.class);
                QdrantConnection connection = connection(good.url(), bad.url())) {
            bad.status = code.toStatus().withDescription("no shard here");
            for (int i = 0; i < 10; i++) {
                assertThat(count(connection)).isOne();
            }
            assertThat(bad.asked).hasValue(1);
            assertThat(log.messages()).singleElement().asString().contains(bad.url(), "no shard here");
        }
    }

    @Test
    void aNodeThatWasAwayIsAskedAgain() throws Exception {
        try (Node good = new Node(1);
                Node bad = new Node(2);
                LogLines log = new LogLines(QdrantPeer.class);
                QdrantConnection connection = connection(good.url(), bad.url())) {
            bad.status = Status.UNAVAILABLE;
            count(connection);
            count(connection);
            bad.status = Status.OK;
            await().atMost(QdrantPeer.ASIDE.plusSeconds(5)).until(() -> count(connection) == 2);
            assertThat(log.messages()).last().asString().contains(bad.url(), "answers again");
        }
    }

    @Test
    void aNodeThatDoesNotAnswerIsLeftAndThenSparedToOthers() throws Exception {
        try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Node node = new Node(7);
                QdrantConnection connection = connection("http://127.0.0.1:" + hung.getLocalPort(), node.url())) {
            long begin = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertThat(count(connection)).isEqualTo(7);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(FailoverChannel.PATIENCE, LIMIT.minusMillis(500));
        }
    }

    /** As it may wait for another node itself. */
    @Test
    void aNodeThatIsSlowAndAliveIsWaitedFor() throws Exception {
        try (Node slow = new Node(1);
                Node other = new Node(2);
                QdrantConnection connection = connection(slow.url(), other.url())) {
            slow.delay = FailoverChannel.PATIENCE.plusMillis(500);
            assertThat(List.of(count(connection), count(connection))).containsExactlyInAnyOrder(1L, 2L);
            assertThat(other.asked).hasValue(1);
        }
    }

    /** A collection that one node has just made is not known at once to the others. */
    @Test
    void whatOneNodeDoesNotKnowIsAskedOfTheOthers() throws Exception {
        try (Node good = new Node(1);
                Node late = new Node(2);
                QdrantConnection connection = connection(good.url(), late.url())) {
            late.status = Status.NOT_FOUND;
            for (int i = 0; i < 4; i++) {
                assertThat(count(connection)).isOne();
            }
            assertThat(late.asked).hasValue(2);
        }
    }

    /** So that a collection can be made while nodes are away. */
    @Test
    void whatTheOnlyNodeThatAnswersDoesNotKnowIsNotThere() throws Exception {
        try (Node good = new Node(1);
                Node bad = new Node(2);
                QdrantConnection connection = connection(good.url(), bad.url())) {
            good.status = Status.NOT_FOUND;
            bad.status = Status.UNAVAILABLE;
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> count(connection))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("NOT_FOUND");
            }
            assertThat(bad.asked).hasPositiveValue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED"})
    void aRequestAtFaultIsMadeOnce(Status.Code code) throws Exception {
        try (Node first = new Node(1);
                Node second = new Node(2);
                QdrantConnection connection = connection(first.url(), second.url())) {
            first.status = code.toStatus();
            second.status = code.toStatus();
            assertThatThrownBy(() -> count(connection))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining(code.name());
            assertThat(first.asked.get() + second.asked.get()).isOne();
        }
    }

    @Test
    void withAllNodesAwayTheCallerIsToldOfAll() {
        try (QdrantConnection connection = connection("http://127.0.0.1:1", "http://127.0.0.1:2")) {
            assertThatThrownBy(() -> count(connection))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> assertThat(connection.failure(e))
                            .isInstanceOf(IndexUnavailableException.class)
                            .hasMessageContainingAll("http://127.0.0.1:1, http://127.0.0.1:2", "cannot be reached"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a:6334,",
                "http://a:6334,,http://b:6334",
                "http://a:6334 http://b:6334",
                "http://a:6334,b:6334",
                "http://a:6334,http://b:6334/path",
                "embedded,http://a:6334"
            })
    void listsThatCannotBeReadAreRefusedInASentence(String urls) {
        assertThatThrownBy(() -> connection(urls))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with commas between");
    }
}
