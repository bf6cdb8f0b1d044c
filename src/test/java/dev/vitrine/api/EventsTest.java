package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /events}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsTest {
    private static final String KEY = "a-key-of-the-operator-0123456789";
    private static final int MOST = 64;

    @TempDir
    private static Path folder;

    private static RunningVitrine vitrine;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws Exception {
        vitrine = RunningVitrine.start(folder, Map.of("VITRINE_API_KEY", KEY));
    }

    @AfterAll
    static void stop() {
        vitrine.close();
    }

    private HttpResponse<InputStream> watch(String key) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(vitrine.settings().http().url() + "/events"))
                        .header("Authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static String await(BufferedReader lines, String beginning) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith(beginning)) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void tellsFiguresAndHowItWent() throws Exception {
        HttpResponse<InputStream> answer = watch(KEY);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(answer.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            await(lines, "event: stats");
            assertThat(await(lines, "data: ")).contains("\"queue\":{");
            await(lines, "event: samples");
            String sample;
            do {
                vitrine.api().with("Authorization", "Bearer " + KEY).upload("seen", Pictures.jpeg(1));
                await(lines, "event: sample");
                sample = await(lines, "data: ");
            } while (sample.contains("\"accepted\":0.0"));
            assertThat(sample).contains("\"completed\":");
        }
    }

    @Test
    void needsAKey() throws Exception {
        HttpResponse<InputStream> answer = watch("another");
        answer.body().close();

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void soManyWatchAndNoMoreAndMakeRoomWhenTheyGo() throws Exception {
        List<InputStream> open = new ArrayList<>();
        try {
            HttpResponse<InputStream> answer = watch(KEY);
            while (answer.statusCode() == 200 && open.size() <= MOST) {
                open.add(answer.body());
                answer = watch(KEY);
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(open).hasSizeLessThanOrEqualTo(MOST).hasSizeGreaterThan(MOST - 5);
        } finally {
            for (InputStream each : open) {
                each.close();
            }
        }
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<InputStream> answer = watch(KEY);
            answer.body().close();
            assertThat(answer.statusCode()).isEqualTo(200);
        });
    }
}
