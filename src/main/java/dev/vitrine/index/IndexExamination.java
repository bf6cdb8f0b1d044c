package dev.vitrine.index;

import dev.vitrine.part.Diagnosis;
import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Looks at the index that an installation names, as an operator would. It changes nothing there. */
public final class IndexExamination {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final IndexSettings settings;

    /** Looks at nothing yet. */
    public IndexExamination(IndexSettings settings) {
        this.settings = settings;
    }

    /** What is seen now; a Qdrant that does not answer is a fault and no exception. */
    public List<Diagnosis> run() {
        if (settings.url().equals(IndexSettings.EMBEDDED)) {
            return List.of(Diagnosis.good(
                    "index",
                    Files.isDirectory(settings.folder())
                            ? "embedded, in the data folder; for one process"
                            : "embedded; it is made at the first start"));
        }
        try (QdrantConnection connection = new QdrantConnection(settings.url(), settings.apiKey(), PATIENCE)) {
            return seen(connection);
        } catch (IllegalArgumentException e) {
            return List.of(
                    Diagnosis.fault("qdrant", "VITRINE_QDRANT_URL cannot be read", "write it as http(s)://host:6334"));
        }
    }

    private List<Diagnosis> seen(QdrantConnection connection) {
        List<Diagnosis> all = new ArrayList<>();
        boolean answers = false;
        for (String url : QdrantConnection.split(settings.url())) {
            try (QdrantConnection node = new QdrantConnection(url, settings.apiKey(), PATIENCE)) {
                all.add(node(node));
                answers = true;
            } catch (UnfitIndexException e) {
                return List.of(sentence("qdrant", e.getMessage()));
            } catch (IndexUnavailableException e) {
                all.add(sentence("qdrant", e.getMessage()));
            }
        }
        if (answers) {
            Stream.concat(Stream.of(settings.collection()), settings.others().stream())
                    .forEach(name -> all.addAll(collection(connection, name)));
        }
        return all;
    }

    private static Diagnosis node(QdrantConnection node) {
        try {
            String version = node.version(node.deadline());
            node.checkVersion(node.deadline());
            return Diagnosis.good("qdrant", node.url() + " answers, version " + version);
        } catch (StatusRuntimeException e) {
            throw node.failure(e);
        }
    }

    private List<Diagnosis> collection(QdrantConnection connection, String name) {
        String subject = "collection " + name;
        Deadline deadline = connection.deadline();
        try {
            CollectionInfo info = connection
                    .collections(deadline)
                    .get(GetCollectionInfoRequest.newBuilder()
                            .setCollectionName(name)
                            .build())
                    .getResult();
            List<Diagnosis> all = new ArrayList<>(List.of(state(subject, info), replicas(subject, info)));
            new QdrantLayoutCheck(name, settings.layout())
                    .differences(info.getConfig().getParams(), connection.shards(name, deadline))
                    .forEach(one -> all.add(Diagnosis.advice(subject + " layout", one.found(), one.advice())));
            connection
                    .strangers(name, deadline)
                    .forEach(url -> all.add(Diagnosis.fault(
                            subject, url + " does not know it", "name nodes of one cluster in VITRINE_QDRANT_URL")));
            return all;
        } catch (UnfitIndexException e) {
            return List.of(sentence(subject, e.getMessage()));
        } catch (StatusRuntimeException e) {
            return List.of(
                    e.getStatus().getCode() == Code.NOT_FOUND
                            ? Diagnosis.good(subject, "not there yet; it is made at the first start")
                            : sentence(subject, connection.failure(e).getMessage()));
        }
    }

    private static Diagnosis state(String subject, CollectionInfo info) {
        Map<String, String> memory = new HashMap<>();
        info.getConfig().getMetadataMap().forEach((key, value) -> memory.put(key, value.getStringValue()));
        String found = info.getPointsCount() + " points of "
                + info.getConfig().getParams().getVectorsConfig().getParams().getSize()
                + " dimensions"
                + SpaceMemory.read(memory)
                        .map(space -> ", by " + SpaceMemory.named(space))
                        .orElse("");
        if (info.getStatus() == CollectionStatus.Red) {
            return Diagnosis.fault(
                    subject,
                    found + "; Qdrant calls it red: "
                            + info.getOptimizerStatus().getError(),
                    "free its disk and memory, look at Qdrant's log, then restart Qdrant");
        }
        return Diagnosis.good(subject, found + (info.getStatus() == CollectionStatus.Green ? "" : ", being optimised"));
    }

    private static Diagnosis replicas(String subject, CollectionInfo info) {
        long copies = info.getConfig().getParams().getReplicationFactor();
        String what = subject + " copies";
        return copies > 1
                ? Diagnosis.good(
                        what,
                        copies + " copies in " + info.getConfig().getParams().getShardNumber() + " shards")
                : Diagnosis.advice(
                        what,
                        "one copy: with its node the vectors are gone",
                        "take snapshots of it (docs/operations.md, back up), or replicate it in a cluster of Qdrant");
    }

    /** Our messages say what is wrong, then what to do. */
    private static Diagnosis sentence(String subject, String message) {
        String[] parts = message.split("; ", 2);
        return Diagnosis.fault(subject, parts[0], parts.length == 2 ? parts[1] : "look at Qdrant's log");
    }
}
