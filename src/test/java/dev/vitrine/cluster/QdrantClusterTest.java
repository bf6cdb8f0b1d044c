package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.index.IndexExamination;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.QdrantIndex;
import dev.vitrine.index.QdrantLayout;
import dev.vitrine.part.Diagnosis.Verdict;
import dev.vitrine.testing.QdrantCluster;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One host of three with Qdrant's nodes fails, and searches and uploads go on: {@code mvn test -Pcluster -Dtest=QdrantClusterTest}. */
@Tag("cluster")
@Timeout(300)
class QdrantClusterTest {
    private static final Duration SEARCHES_FAIL = Duration.ofSeconds(10);
    private static final Duration AWAY = Duration.ofSeconds(20);

    private static Network network;
    private static List<Host> hosts;
    private static QdrantCluster cluster;

    /** What happens to a node, and how it ends. */
    private enum Fault {
        STOP {
            @Override
            void begin(int number) {
                cluster.node(number).kill();
            }

            @Override
            void end(int number) {
                cluster.restart(number);
            }
        },
        PAUSE {
            @Override
            void begin(int number) {
                cluster.node(number).pause();
            }

            @Override
            void end(int number) {
                cluster.node(number).resume();
            }
        },
        CUT {
            @Override
            void begin(int number) {
                hosts.get(number).cable().cut();
            }

            @Override
            void end(int number) {
                hosts.get(number).cable().mend();
            }
        };

        abstract void begin(int number);

        abstract void end(int number);
    }

    @BeforeAll
    static void start() {
        network = Network.open();
        hosts = IntStream.range(0, 3).mapToObj(i -> network.host("qdrant-" + i)).toList();
        cluster = QdrantCluster.start(List.copyOf(hosts));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static IndexSettings settings(QdrantLayout layout) {
        return new IndexSettings(
                cluster.ownUrls(),
                null,
                "test-" + UUID.randomUUID(),
                null,
                IndexSettings.DEFAULT_DEADLINE,
                List.of(),
                List.of(),
                layout);
    }

    @ParameterizedTest
    @CsvSource({"STOP, 0, 2, 1", "PAUSE, 1, 2, 1", "CUT, 2, 2, 1", "STOP, 2, 3, 2", "PAUSE, 0, 3, 2", "CUT, 1, 3, 2"})
    void oneNodeOfThreeFails(Fault fault, int number, int copies, int writes) {
        IndexSettings settings = settings(new QdrantLayout(3, copies, writes));
        try (QdrantIndex index = new QdrantIndex(settings, ContinuousLoad.SPACE)) {
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(index::check);
            cluster.awaitActive(settings.collection());
            assertThat(new IndexExamination(settings).run()).allMatch(one -> one.verdict() == Verdict.GOOD);
            ContinuousLoad load = new ContinuousLoad(index);
            try (load) {
                await().until(() -> load.uploads().countGood() > 100);
                fault.begin(number);
                try {
                    await().pollDelay(AWAY).atMost(AWAY.plusSeconds(5)).until(() -> true);
                } finally {
                    fault.end(number);
                }
                cluster.awaitActive(settings.collection());
                int before = load.uploads().countGood();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.uploads().countGood() > before + 50);
            }
            System.out.printf(
                    "| %s, %d copies, %d to take a write | %s | %s |%n",
                    fault, copies, writes, load.searches(), load.uploads());
            assertThat(load.searches().longestGap()).isLessThan(SEARCHES_FAIL);
            assertThat(load.lost()).isEmpty();
        }
    }
}
