package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.http.ProblemException;
import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.RunningVitrine;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on this machine. */
class DownloadsTest {
    private static final int LIMIT_BYTES = 100_000;
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    Path folder;

    private final PictureServer shop = new PictureServer();
    private final PictureServer other = new PictureServer();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private Downloads downloads;

    @BeforeEach
    void allowTheShop() {
        downloads = with(Duration.ofSeconds(20), shop.host());
    }

    @AfterEach
    void stop() {
        end();
        assertThat(RunningVitrine.names(folder)).isEmpty();
        shop.close();
        other.close();
    }

    @AfterAll
    static void stopAll() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private Downloads with(Duration limit, String... hosts) {
        AllowedHosts allowed = new AllowedHosts("VITRINE_FETCH_HOSTS", List.of(hosts), NameResolver.SYSTEM);
        return new Downloads(new Uploads(folder, LIMIT_BYTES), new OutboundHttp(VERTX, allowed), limit);
    }

    private void end() {
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        if (completions != null) {
            completions.forEach(completion -> completion.onComplete(exchange));
        }
    }

    private File fetch(String url) throws IOException, InterruptedException {
        return downloads.fetch(url, exchange);
    }

    private void assertRefused(String url, int status, String words) {
        assertThatThrownBy(() -> fetch(url))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(status))
                .hasMessageContaining(words);
    }

    /** Puts an answer that begins and then does not go on. */
    private String stall(String path, AtomicInteger asked, AtomicBoolean left) {
        return shop.put(path, request -> {
            asked.incrementAndGet();
            request.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    request.getResponseBody().write(1);
                    request.getResponseBody().flush();
                    Thread.sleep(20);
                }
            } catch (IOException e) {
                left.set(true);
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void bringsTheFile() throws Exception {
        byte[] content = new byte[LIMIT_BYTES];
        assertThat(Files.readAllBytes(fetch(shop.put("/a.jpg", content)).toPath()))
                .isEqualTo(content);
        assertThat(fetch(shop.put("/empty.jpg", new byte[0]))).isEmpty();
    }

    @Test
    void asksOnlyHostsThatAreListed() {
        assertRefused(other.url("/a.jpg"), 422, "VITRINE_FETCH_HOSTS");
        assertRefused("http://localhost:" + shop.host().split(":")[1] + "/a.jpg", 422, "VITRINE_FETCH_HOSTS");
        assertRefused("http://127.0.0.1/a.jpg", 422, "VITRINE_FETCH_HOSTS");
        for (String url : List.of("file:///etc/passwd", "http://u@" + shop.host() + "/", "/a.jpg", "", "http:///x")) {
            assertRefused(url, 422, "");
        }
        assertRefused(null, 422, "");
        assertRefused("ht tp://x", 422, "not a URL");
        assertThat(shop.requests() + other.requests()).isZero();
    }

    @Test
    void takesAllHostsBelowAName() {
        downloads = with(Duration.ofMillis(1), "*.example:81", "*.shop.example");
        assertRefused("http://shop.example/a.jpg", 422, "VITRINE_FETCH_HOSTS");
        assertRefused("http://example:81/a.jpg", 422, "VITRINE_FETCH_HOSTS");
        assertRefused("http://evilshop.example/a.jpg", 422, "VITRINE_FETCH_HOSTS");
        // Allowed, and nobody is there.
        assertThatThrownBy(() -> fetch("http://cdn.SHOP.example/a.jpg")).isInstanceOf(FetchException.class);
        assertThatThrownBy(() -> fetch("http://a.b.example:81/a.jpg")).isInstanceOf(FetchException.class);
    }

    /** Whoever owns a listed name may let it lead anywhere. */
    @Test
    void reachesNoAddressBehindThisServiceThroughAListedName() {
        String port = shop.host().split(":")[1];
        AllowedHosts names = new AllowedHosts("VITRINE_FETCH_HOSTS", List.of("inside.example:" + port), host ->
                new InetAddress[] {InetAddress.getLoopbackAddress()});
        downloads =
                new Downloads(new Uploads(folder, LIMIT_BYTES), new OutboundHttp(VERTX, names), Duration.ofSeconds(20));
        assertRefused("http://inside.example:" + port + "/a.jpg", 422, "127.0.0.1, which is not a public address");
        assertThat(shop.requests()).isZero();
    }

    @Test
    void followsRedirectsToListedHostsAlone() throws Exception {
        shop.put("/real.jpg", new byte[10]);
        shop.redirect("/second.jpg", "real.jpg");
        assertThat(fetch(shop.redirect("/first.jpg", "/second.jpg"))).hasSize(10);
        assertRefused(shop.redirect("/away.jpg", other.put("/a.jpg", new byte[1])), 422, "VITRINE_FETCH_HOSTS");
        assertRefused(shop.redirect("/file.jpg", "file:///etc/passwd"), 422, "plain http");
        assertRefused(shop.redirect("/circle.jpg", "/circle.jpg"), 422, "redirects");
        assertThat(other.requests()).isZero();
    }

    @Test
    void readsNoMoreThanAPictureMayHaveWithOrWithoutALength() {
        assertRefused(shop.put("/large.jpg", new byte[LIMIT_BYTES + 1]), 413, "VITRINE_MAX_UPLOAD");
        AtomicBoolean left = new AtomicBoolean();
        String endless = shop.put("/endless.jpg", request -> {
            request.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    request.getResponseBody().write(new byte[8_192]);
                }
            } catch (IOException e) {
                left.set(true);
                throw e;
            }
        });
        assertRefused(endless, 413, "VITRINE_MAX_UPLOAD");
        await().untilTrue(left);
    }

    @Test
    void tellsWhatIsGoneForGoodFromWhatMayCome() {
        assertRefused(shop.url("/missing.jpg"), 422, "answers 404");
        assertRefused(shop.put("/moved.jpg", 300), 422, "answers 300");
        for (int status : List.of(408, 425, 429, 500, 503)) {
            assertThatThrownBy(() -> fetch(shop.put("/" + status, status)))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("answers " + status);
        }
        shop.close();
        assertThatThrownBy(() -> fetch(shop.url("/a.jpg")))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining("cannot be fetched");
    }

    @Test
    void hangsUpOnAServerThatIsTooSlow() {
        downloads = with(Duration.ofMillis(500), shop.host());
        AtomicBoolean left = new AtomicBoolean();
        String slow = stall("/slow.jpg", new AtomicInteger(), left);
        assertThatThrownBy(() -> fetch(slow)).isInstanceOf(FetchException.class).hasMessageContaining("within");
        await().untilTrue(left);
    }

    @Test
    void hangsUpWhenItsThreadIsInterrupted() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean left = new AtomicBoolean();
        String slow = stall("/slow.jpg", asked, left);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread fetching = new Thread(() -> {
            try {
                fetch(slow);
            } catch (Exception e) {
                failure.complete(e);
            }
        });
        fetching.start();
        await().until(() -> asked.get() == 1);
        fetching.interrupt();
        assertThat(failure.join()).isInstanceOf(InterruptedException.class);
        await().untilTrue(left);
    }
}
