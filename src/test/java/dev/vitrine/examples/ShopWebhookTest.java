package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/shop-webhook.camel.yaml against the JDK's HTTP server. */
class ShopWebhookTest {
    private static final String SECRET = "between the two of us";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static PictureServer shop;
    private static PictureServer stranger;
    private static RunningVitrine service;

    @BeforeAll
    static void start(@TempDir Path folder) {
        shop = new PictureServer();
        stranger = new PictureServer();
        service = new Site(folder)
                .example("shop-webhook")
                .property("shop.webhook.secret", SECRET)
                .environment("VITRINE_FETCH_HOSTS", "pictures.example, " + shop.host())
                .environment("VITRINE_MAX_UPLOAD", "1MB")
                .start();
    }

    @AfterAll
    static void stop() {
        service.close();
        shop.close();
        stranger.close();
    }

    private static HttpResponse<String> send(String body, String signature, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(service.settings().http().url() + "/webhooks/shop?image_id=from-the-query"))
                .header("Content-Type", "application/json")
                .header("X-WC-Webhook-Signature", signature)
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String body) throws Exception {
        return send(body, signature(body));
    }

    private static HttpResponse<String> announce(int id, String url) throws Exception {
        return send(new ObjectMapper()
                .writeValueAsString(Map.of("id", id, "name", "Lamp " + id, "images", List.of(Map.of("src", url)))));
    }

    private static String signature(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
        await().untilAsserted(() -> assertThat(service.keptFiles()).isEmpty());
    }

    @Test
    void indexesTheProductsPicture() throws Exception {
        HttpResponse<String> answer = announce(1, shop.put("/lamp-1.jpg", Pictures.jpeg(1)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(service.api()
                        .get("/products/1")
                        .body()
                        .path("images")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("Lamp 1"));
        assertThat(service.api()
                        .get("/products/1")
                        .body()
                        .path("images")
                        .path(0)
                        .path("image_id")
                        .asText())
                .isEqualTo("main");
        await().untilAsserted(() -> assertThat(service.keptFiles()).isEmpty());
    }

    @Test
    void followsARedirectWithinTheShop() throws Exception {
        shop.put("/real.jpg", Pictures.jpeg(2));
        assertThat(announce(2, shop.redirect("/moved.jpg", "/real.jpg")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void refusesARequestThatTheShopDidNotSign() throws Exception {
        String body =
                "{\"id\":3,\"name\":\"Lamp\",\"images\":[{\"src\":\"" + shop.put("/3.jpg", Pictures.jpeg(3)) + "\"}]}";
        int before = shop.requests();
        assertRefused(send(body, signature(body + " ")), 401, "signature");
        assertRefused(send(body, ""), 401, "signature");
        assertThat(shop.requests()).isEqualTo(before);
    }

    @Test
    void asksNoHostThatIsNotListed() throws Exception {
        String elsewhere = stranger.put("/secret.jpg", Pictures.jpeg(4));
        assertRefused(announce(4, elsewhere), 422, "VITRINE_FETCH_HOSTS");
        assertRefused(announce(4, shop.redirect("/trap.jpg", elsewhere)), 422, "VITRINE_FETCH_HOSTS");
        assertRefused(announce(4, "http://pictures.example@" + stranger.host() + "/secret.jpg"), 422, "plain http");
        assertRefused(announce(4, "file:///etc/passwd"), 422, "plain http");
        assertThat(stranger.requests()).isZero();
    }

    @Test
    void givesUpOnRedirectsInACircle() throws Exception {
        assertRefused(announce(5, shop.redirect("/circle.jpg", "/circle.jpg")), 422, "redirects");
    }

    @Test
    void readsNoMoreThanAPictureMayHave() throws Exception {
        String endless = shop.put("/endless.jpg", request -> {
            request.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 16_000; i++) {
                request.getResponseBody().write(block);
            }
        });
        assertRefused(announce(6, endless), 413, "VITRINE_MAX_UPLOAD");
    }

    @Test
    void tellsTheShopWhatIsWrongForGood() throws Exception {
        assertRefused(announce(7, shop.url("/missing.jpg")), 422, "answers 404");
        assertRefused(
                announce(7, shop.put("/page.jpg", "<html>Hello".getBytes(StandardCharsets.UTF_8))), 415, "web page");
        assertRefused(send("{\"id\":"), 400, "JSON");
        assertRefused(send(""), 400, "no body");
        assertRefused(
                send("{\"name\":\"Lamp\",\"images\":[{\"src\":\"" + shop.put("/7.jpg", Pictures.jpeg(7)) + "\"}]}"),
                400,
                "product_id");
    }

    @Test
    void ignoresAProductWithoutAPicture() throws Exception {
        assertThat(send("{\"id\":9,\"name\":\"Lamp\",\"images\":[]}").body()).contains("ignored");
        assertThat(send("{\"id\":9,\"name\":\"Lamp\"}").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsTheShopToSendAgainWhenItsPicturesAreAway() throws Exception {
        HttpResponse<String> answer = announce(8, shop.put("/busy.jpg", 503));
        assertRefused(answer, 503, "answers 503");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
}
