package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/failures-to-chat.camel.yaml and failures-to-mail.camel.yaml tell of what failed. */
class FailuresTest {
    @TempDir
    private Path folder;

    private static String fail(RunningVitrine service, String product) {
        String job = service.api().upload(product, Pictures.brokenPng(100, 100)).text("job_id");
        service.awaitStatus(job, "failed");
        return job;
    }

    @Test
    void tellAChatOnceAndWaitForItWhereItIsAway() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        try (PictureServer chat = new PictureServer()) {
            String hook = chat.put("/hook", 503);
            Site site = new Site(folder)
                    .example("failures-to-chat")
                    .property("shop.chat.url", hook)
                    .property("shop.chat.period", 200);
            try (RunningVitrine service = site.start()) {
                String first = fail(service, "mug-1");
                await().until(() -> chat.requests() > 1);
                String good = service.api().upload("hat-1", Pictures.jpeg(1)).text("job_id");
                service.awaitStatus(good, "completed");

                chat.put("/hook", request -> {
                    assertThat(request.getRequestMethod()).isEqualTo("POST");
                    messages.add(new ObjectMapper()
                            .readTree(request.getRequestBody())
                            .path("text")
                            .asText());
                    request.sendResponseHeaders(200, -1);
                });
                await().atMost(Duration.ofSeconds(20)).until(() -> messages.size() == 1);
                assertThat(messages.get(0)).contains("mug-1", first);
                String name = "Mug, 'red' ${sysenv.PATH} \"2\"";
                service.api().upload(Map.of("product_id", "mug-2", "name", name), Pictures.brokenPng(100, 100));
                await().atMost(Duration.ofSeconds(20)).until(() -> messages.size() == 2);
                await().pollDelay(Duration.ofSeconds(1)).until(() -> messages.size() == 2);
                assertThat(messages.get(1)).contains("mug-2", name);
            }
        }
    }

    @Test
    void goByMail() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        server.setUser("ops@shop.example", "ops", "secret");
        Site site = new Site(folder)
                .example("failures-to-mail")
                .edit("failures-to-mail", "uri: smtps", "uri: smtp")
                .property("shop.smtp.host", "127.0.0.1")
                .property("shop.smtp.port", server.getSmtp().getPort())
                .property("shop.smtp.username", "ops")
                .property("shop.smtp.password", "secret")
                .property("shop.smtp.from", "vitrine@shop.example")
                .property("shop.smtp.to", "ops@shop.example")
                .property("shop.smtp.period", 200);
        try (RunningVitrine service = site.start()) {
            String job = fail(service, "mug-1");
            await().atMost(Duration.ofSeconds(20)).until(() -> server.getReceivedMessages().length == 1);
            assertThat(server.getReceivedMessages()[0].getSubject()).contains("mug-1");
            assertThat(server.getReceivedMessages()[0].getContent().toString()).contains(job);
            await().pollDelay(Duration.ofSeconds(1)).until(() -> server.getReceivedMessages().length == 1);
        } finally {
            server.stop();
        }
    }
}
