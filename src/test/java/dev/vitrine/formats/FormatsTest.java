package dev.vitrine.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.WebhookReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What the last release left behind is taken over, and what this code leaves behind has all that the last release needs. */
class FormatsTest {
    private static final Path LAST = Path.of("src/test/resources/formats/0.1.0");

    @TempDir
    private Path folder;

    @Test
    void takesOverWhatTheLastReleaseLeftBehind() throws Exception {
        copy(LAST, folder);
        addUnknownFields(folder);
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), "no").start();
                WebhookReceiver receiver = new WebhookReceiver()) {
            receiver.answer("/ended", 200);
            replace(folder.resolve("data/callbacks"), WrittenInstallation.RECEIVER, receiver.host());
            try (Jedis jedis = redis.connect()) {
                WrittenInstallation.restore(folder.resolve("redis.json"), jedis);
                String later = "{vitrine-callbacks}:later";
                jedis.zrange(later, 0, -1).forEach(id -> jedis.zadd(later, 0, id)); // whatever the date is now
            }
            Map<String, String> environment =
                    new HashMap<>(WrittenInstallation.environment(folder, redis, receiver.host()));
            environment.put("VITRINE_JOB_TTL", "36500d");
            try (RunningVitrine service = RunningVitrine.start(folder.resolve("data"), environment)) {
                read(service, receiver);
            }
        }
    }

    private void read(RunningVitrine service, WebhookReceiver receiver) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.api().get("/products/waits").status() == 200);
        JsonNode jobs = service.api().get("/jobs").body().path("jobs");
        Map<String, JsonNode> byProduct = new TreeMap<>();
        jobs.forEach(job -> byProduct.put(job.path("product_id").asText(), job));
        assertThat(byProduct.keySet())
                .containsExactly("broken", "cup", "gone", "jug", "mug", "waits", "waits-and-goes");
        await().atMost(Duration.ofSeconds(20)).until(() -> service.api()
                .get("/jobs/" + byProduct.get("waits-and-goes").path("job_id").asText())
                .text("status")
                .equals("completed"));
        assertThat(service.api().get("/products/waits-and-goes").status()).isEqualTo(404);
        assertThat(service.api().get("/products/gone").status()).isEqualTo(404);
        assertThat(byProduct.get("broken").path("error").asText()).contains("damaged");
        assertThat(byProduct.get("mug").path("model").asText()).isEqualTo("tiny-clip");

        assertThat(service.api()
                        .get("/products/mug")
                        .body()
                        .at("/images/0/metadata/colour")
                        .asText())
                .isEqualTo("red");
        assertThat(service.api()
                        .searchByPicture(Pictures.jpeg("mug".hashCode()))
                        .body()
                        .at("/results/0/product_id")
                        .asText())
                .isEqualTo("mug");
        assertThat(service.api().get("/products/mug/images/main/thumbnail").status())
                .isEqualTo(200);
        Answer again = service.api()
                .with("Idempotency-Key", "\"order-17\"")
                .upload(Map.of("product_id", "jug", "name", "Jug"), Pictures.jpeg(17));
        assertThat(again.text("job_id"))
                .isEqualTo(byProduct.get("jug").path("job_id").asText());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !receiver.at("/ended").isEmpty());
        String broken = byProduct.get("broken").path("job_id").asText();
        assertThat(service.api().post("/jobs/" + broken + "/retry").status()).isEqualTo(202);
        service.awaitStatus(broken, "failed");
        String later = service.api().upload("later", Pictures.brokenPng(40, 30)).text("job_id");
        service.awaitStatus(later, "failed");
        assertThat(RunningVitrine.names(service.settings().dataDir().resolve("spool")))
                .as("where the last release's workers look")
                .contains(later + ".img", later + ".json");
    }

    /** The rule: fields may come, but none may go or change its type as long as the last release is in use beside it. */
    @Test
    void leavesBehindAllThatTheLastReleaseNeeds(@TempDir Path work) throws IOException {
        new WrittenInstallation(folder).write(work);
        Map<String, Set<String>> last = fields(LAST);
        Map<String, Set<String>> now = fields(folder);
        assertThat(last).hasSizeGreaterThan(12);
        last.remove("{vitrine}:upkeep"); // whose turn it is: two releases may both have one
        last.forEach((kind, fields) -> assertThat(now.get(kind)).as(kind).containsAll(fields));
    }

    /** Names and types of the fields that each kind of thing always has, by its place without ids. */
    private static Map<String, Set<String>> fields(Path installation) throws IOException {
        Map<String, Set<String>> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(installation)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String kind = installation.relativize(file).getName(0) + "/"
                        + installation
                                .relativize(file)
                                .getName(1 % installation.relativize(file).getNameCount());
                if (file.endsWith("redis.json")) {
                    WrittenInstallation.JSON
                            .readTree(file.toFile())
                            .fields()
                            .forEachRemaining(key -> add(all, nameless(key.getKey()), redisFields(key.getValue())));
                } else if (file.toString().endsWith(".json")) {
                    add(all, kind, jsonFields("", WrittenInstallation.JSON.readTree(file.toFile())));
                } else if (file.toString().endsWith(".deleted")) {
                    add(all, kind, Set.of(Files.readString(file).replaceAll("\\d+", "number")));
                }
            }
        }
        return all;
    }

    private static void add(Map<String, Set<String>> all, String kind, Set<String> fields) {
        all.merge(kind, new TreeSet<>(fields), (before, more) -> {
            before.retainAll(more);
            return before;
        });
    }

    private static String nameless(String key) {
        return key.replaceAll(":[0-9a-f]{8}-[0-9a-f-]{27}.*|:[0-9a-f]{64}", ":ID");
    }

    private static Set<String> redisFields(JsonNode entry) {
        Set<String> fields = new TreeSet<>(Set.of("a " + entry.path("type").asText()));
        if (entry.path("type").asText().equals("hash")) {
            entry.path("value").fieldNames().forEachRemaining(fields::add);
        }
        return fields;
    }

    private static Set<String> jsonFields(String prefix, JsonNode object) {
        Set<String> fields = new TreeSet<>();
        object.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            fields.add(prefix + field.getKey() + " " + value.getNodeType());
            if (value.isObject() && !field.getKey().equals("metadata")) {
                fields.addAll(jsonFields(prefix + field.getKey() + ".", value));
            }
        });
        return fields;
    }

    /** As a later release may write them. */
    private static void addUnknownFields(Path installation) throws IOException {
        try (Stream<Path> files = Files.walk(installation)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                ObjectNode json = (ObjectNode) WrittenInstallation.JSON.readTree(file.toFile());
                if (file.endsWith("redis.json")) {
                    json.forEach(key -> {
                        if (key.path("type").asText().equals("hash")
                                && key.path("value").has("job_id")) {
                            ((ObjectNode) key.path("value")).put("of_a_later_release", "1");
                        }
                    });
                } else {
                    json.put("of_a_later_release", true);
                }
                WrittenInstallation.JSON.writeValue(file.toFile(), json);
            }
        }
    }

    private static void replace(Path files, String from, String to) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.toList()) {
                Files.writeString(file, Files.readString(file).replace(from, to));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
