package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/kafka-pictures.camel.yaml against Apache Kafka. */
@Tag("examples")
class KafkaPicturesTest {
    private static final String TOPIC = "products";

    @TempDir
    private Path folder;

    private KafkaBroker broker;
    private PictureServer shop;
    private Site site;

    @BeforeEach
    void startServers() throws Exception {
        broker = new KafkaBroker(Files.createDirectories(folder.resolve("kafka")));
        broker.createTopic(TOPIC);
        shop = new PictureServer();
        site = new Site(folder)
                .example("kafka-pictures")
                .property("shop.kafka.brokers", broker.address())
                .property("shop.kafka.topic", TOPIC)
                .environment("VITRINE_FETCH_HOSTS", shop.host());
    }

    @AfterEach
    void stopServers() {
        shop.close();
        broker.close();
    }

    private void send(String... messages) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new StringSerializer())) {
            for (String message : messages) {
                producer.send(new ProducerRecord<>(TOPIC, message)).get();
            }
        }
    }

    private static String message(String productId, String url) {
        return "{\"product_id\":\"" + productId + "\",\"name\":\"Mug\",\"picture_url\":\"" + url
                + "\",\"metadata\":{\"price\":12.5,\"colours\":[\"red\"]}}";
    }

    private static void awaitJobs(RunningVitrine service, String... jobs) {
        await().atMost(Duration.ofSeconds(30)).until(() -> Site.jobs(service).equals(List.of(jobs)));
    }

    @Test
    void takesPicturesAndPassesOverWhatCannotBeUsed() throws Exception {
        send(
                message("mug-1", shop.put("/1.jpg", Pictures.jpeg(1))),
                "not json",
                null,
                "{}",
                "[1]",
                message("mug-2", shop.url("/missing.jpg")),
                message("mug-3", "http://127.0.0.1:1/elsewhere.jpg"),
                message("mug-4", shop.put("/4.jpg", "not a picture".getBytes())),
                message("mug-5", shop.put("/5.jpg", Pictures.jpeg(5))));
        try (RunningVitrine service = site.start()) {
            awaitJobs(service, "mug-1 completed", "mug-5 completed");
            assertThat(service.api().get("/products/mug-1").body().toString()).contains("12.5", "red");
            assertThat(service.keptFiles()).isEmpty();
        }
    }

    @Test
    void waitsAtAMessageWhileNothingCanBeTakenAndLosesNone() throws Exception {
        send(
                message("mug-1", shop.put("/1.jpg", Pictures.jpeg(1))),
                message("mug-2", shop.put("/2.jpg", Pictures.jpeg(2))));
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "900000000GB").start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> shop.requests() > 0);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(shop.requests()).isEqualTo(1);
            assertThat(service.keptFiles()).hasSizeLessThanOrEqualTo(1);
        }
        try (RunningVitrine service = site.environment("VITRINE_MIN_FREE", "1MB").start()) {
            awaitJobs(service, "mug-1 completed", "mug-2 completed");
        }
    }
}
