package dev.vitrine.formats;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/**
 * What a release leaves behind when it is stopped in the middle of its work, one thing of each kind: pictures that are
 * indexed, that wait and that failed, deletions, an archive, webhooks that are owed, a reserved key and what Redis has.
 */
final class WrittenInstallation {
    /** Nobody listens there. */
    static final String RECEIVER = "127.0.0.1:9";

    static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /** @param folder gets {@code data/}, {@code archive/} and {@code redis.json} */
    WrittenInstallation(Path folder) {
        this.folder = folder;
    }

    /** The environment in which it is written, and read. */
    static Map<String, String> environment(Path folder, RedisServer redis, String receiver) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VITRINE_DATA_DIR", folder.resolve("data").toString());
        environment.put("VITRINE_ARCHIVE", folder.resolve("archive").toString());
        environment.put("VITRINE_REDIS_URL", redis.url());
        environment.put("VITRINE_CALLBACK_HOSTS", receiver);
        environment.put("VITRINE_CALLBACK_SECRETS", WebhookReceiver.SECRET);
        return environment;
    }

    /** Writes it with the code at hand. */
    void write(Path work) throws IOException {
        try (RedisServer redis = new RedisServer(work.resolve("redis"), "no").start()) {
            Map<String, String> environment = environment(folder, redis, RECEIVER);
            try (RunningVitrine service = RunningVitrine.startOnCopy(work.resolve("home"), environment)) {
                work(service);
            }
            Path worker = work.resolve("home/routes/index.camel.yaml");
            Files.writeString(
                    worker,
                    Files.readString(worker)
                            .replace("precondition: \"{{vitrine.role.worker}}\"", "precondition: \"false\""));
            try (RunningVitrine service =
                    RunningVitrine.start(work.resolve("home"), folder.resolve("data"), environment)) {
                leaveWaiting(service);
            }
            try (Jedis jedis = redis.connect()) {
                Files.write(
                        folder.resolve("redis.json"),
                        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(dump(jedis)));
            }
        }
        for (String transitory : List.of("cache", "uploads", "inbox", "imports", "callbacks-work")) {
            delete(folder.resolve("data").resolve(transitory));
        }
    }

    private static void work(RunningVitrine service) {
        upload(service, "mug", "completed", "metadata", "{\"colour\":\"red\"}");
        upload(service, "cup", "completed", "callback_url", "http://" + RECEIVER + "/ended");
        Answer kept = service.api()
                .with("Idempotency-Key", "\"order-17\"")
                .upload(Map.of("product_id", "jug", "name", "Jug"), Pictures.jpeg(17));
        service.awaitStatus(kept.text("job_id"), "completed");
        Answer broken = service.api().upload("broken", Pictures.brokenPng(40, 30));
        service.awaitStatus(broken.text("job_id"), "failed");
        upload(service, "gone", "completed", "image_id", "main");
        service.api().delete("/products/gone");
        Awaitility.await("the webhook is owed").atMost(Duration.ofSeconds(10)).until(() -> !RunningVitrine.names(
                        service.settings().dataDir().resolve("callbacks"))
                .isEmpty());
    }

    private static void upload(RunningVitrine service, String id, String status, String field, String value) {
        Answer answer = service.api()
                .upload(Map.of("product_id", id, "name", "The " + id, field, value), Pictures.jpeg(id.hashCode()));
        service.awaitStatus(answer.text("job_id"), status);
    }

    private static void leaveWaiting(RunningVitrine service) {
        service.api().upload("waits", Pictures.jpeg(1));
        service.api().upload("waits-and-goes", Pictures.jpeg(2));
        service.api().delete("/products/waits-and-goes");
    }

    private static ObjectNode dump(Jedis redis) {
        ObjectNode all = JSON.createObjectNode();
        redis.keys("*").stream().sorted().filter(key -> !key.contains(":done:")).forEach(key -> {
            ObjectNode one = all.putObject(key);
            String type = redis.type(key);
            one.put("type", type);
            one.put("expires", redis.ttl(key) >= 0);
            switch (type) {
                case "string" -> one.put("value", redis.get(key));
                case "list" -> redis.lrange(key, 0, -1).forEach(one.withArray("value")::add);
                case "hash" -> redis.hgetAll(key).forEach(one.withObject("/value")::put);
                case "zset" ->
                    redis.zrangeWithScores(key, 0, -1)
                            .forEach(entry -> one.withObject("/value").put(entry.getElement(), entry.getScore()));
                default -> throw new IllegalStateException(key + " is a " + type);
            }
        });
        return all;
    }

    /** Puts what Redis had back. */
    static void restore(Path dump, Jedis redis) throws IOException {
        JSON.readTree(dump.toFile()).fields().forEachRemaining(entry -> {
            String key = entry.getKey();
            var value = entry.getValue().path("value");
            switch (entry.getValue().path("type").asText()) {
                case "string" -> redis.set(key, value.asText());
                case "list" -> value.forEach(id -> redis.rpush(key, id.asText()));
                case "hash" ->
                    value.fields()
                            .forEachRemaining(field -> redis.hset(
                                    key, field.getKey(), field.getValue().asText()));
                default ->
                    value.fields()
                            .forEachRemaining(
                                    member -> redis.zadd(key, member.getValue().asDouble(), member.getKey()));
            }
        });
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
