package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real Qdrant cluster for tests: a process, free ports and storage for each node. The program is found as {@link
 * QdrantServer} does. Nodes are counted from 0; the first one makes the cluster and the others join it.
 */
public final class QdrantCluster implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final List<QdrantNode> nodes;

    private QdrantCluster(List<QdrantNode> nodes) {
        this.nodes = nodes;
    }

    /** Starts nodes on 127.0.0.1 and returns when all know each other. */
    public static QdrantCluster onLoopback(int count) {
        return start(IntStream.range(0, count).mapToObj(i -> Place.HERE).toList());
    }

    /** Starts a node at each place and returns when all know each other. */
    public static QdrantCluster start(List<Place> places) {
        List<QdrantNode> nodes = new ArrayList<>();
        for (Place place : places) {
            String advertised = "http://" + place.address() + ":";
            int port = FreePort.findLasting();
            nodes.add(new QdrantNode(
                    place,
                    port,
                    advertised + port,
                    nodes.isEmpty() ? null : nodes.get(0).peerUrl()));
        }
        QdrantCluster cluster = new QdrantCluster(nodes);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
        try {
            for (int i = 0; i < nodes.size(); i++) {
                nodes.get(i).start();
                cluster.awaitPeers(i + 1, nodes.subList(0, i + 1));
            }
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    public int size() {
        return nodes.size();
    }

    public QdrantNode node(int number) {
        return nodes.get(number);
    }

    /** Where processes of the test call the nodes, as {@code VITRINE_QDRANT_URL} takes it. */
    public String urls() {
        return nodes.stream().map(QdrantNode::grpcUrl).collect(Collectors.joining(","));
    }

    /** Where the test itself calls the nodes. */
    public String ownUrls() {
        return nodes.stream().map(QdrantNode::ownGrpcUrl).collect(Collectors.joining(","));
    }

    /** Starts a node again on its ports and storage, and returns when it answers. */
    public void restart(int number) {
        nodes.get(number).start();
        awaitPeers(nodes.size(), List.of(nodes.get(number)));
    }

    /** Returns when every replica of a collection is active, as each node that runs sees it. */
    public void awaitActive(String collection) {
        Awaitility.await().atMost(START_LIMIT).until(() -> nodes.stream()
                .filter(QdrantNode::isRunning)
                .map(node -> get(node, "/collections/" + collection + "/cluster"))
                .allMatch(answer -> answer.contains("\"Active\"")
                        && answer.split("\"state\":").length == answer.split("\"Active\"").length));
    }

    /** What a node answers to a GET at its HTTP port; empty where it does not answer with 200 within 2 s. */
    public static String get(QdrantNode node, String path) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(node.httpUrl() + path))
                            .timeout(Duration.ofSeconds(2))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Kills all nodes and removes their storage. */
    @Override
    public void close() {
        nodes.forEach(QdrantNode::close);
    }

    private void awaitPeers(int count, List<QdrantNode> asked) {
        try {
            Awaitility.await().atMost(START_LIMIT).until(() -> asked.stream().allMatch(node -> knows(node, count)));
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "Qdrant's nodes did not find each other; their logs:\n"
                            + asked.stream().map(QdrantNode::log).collect(Collectors.joining("\n---\n")),
                    e);
        }
    }

    private static boolean knows(QdrantNode node, int count) {
        String cluster = get(node, "/cluster");
        return cluster.split("\"uri\":").length == count + 1
                && !cluster.contains("\"leader\":null")
                && cluster.contains("\"pending_operations\":0")
                && !get(node, "/readyz").isEmpty();
    }
}
