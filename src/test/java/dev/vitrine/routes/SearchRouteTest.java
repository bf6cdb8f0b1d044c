package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code search.camel.yaml}: search by picture and by words. */
class SearchRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void aPictureFindsItself() {
        pipeline.await(pipeline.upload("lamp"), "completed");

        Answer answer = pipeline.api().searchByPicture(Pictures.jpeg("lamp".hashCode()));

        assertThat(answer.body().path("results").path(0).path("product_id").asText())
                .isEqualTo("lamp");
    }

    @Test
    void wordsAreAnsweredToo() {
        Answer answer = pipeline.api().postJson("/search", "{\"text\":\"a lamp\",\"limit\":1}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().has("results")).isTrue();
    }

    @Test
    void examplesOfEveryKindAreOneSearch() {
        pipeline.await(pipeline.upload("chair"), "completed");
        pipeline.await(pipeline.upload("table"), "completed");
        MultipartBody form = new MultipartBody()
                .file("image_file", "q.jpg", Pictures.jpeg("table".hashCode()))
                .field("products", "[{\"product_id\":\"chair\",\"weight\":-0.1}]")
                .field("text", "a table");

        Answer answer = pipeline.api().postForm("/search", form);

        assertThat(answer.body().path("results").findValuesAsText("product_id"))
                .contains("table")
                .doesNotContain("chair");
    }

    @Test
    void aPictureFindsItselfAtThePathOfPicturesToo() {
        pipeline.await(pipeline.upload("vase"), "completed");
        MultipartBody form = new MultipartBody()
                .file("image_file", "q.jpg", Pictures.jpeg("vase".hashCode()))
                .field("limit", "1");

        Answer answer = pipeline.api().postForm("/search/by-picture", form);
        Answer words = pipeline.api().offContract().postJson("/search/by-picture", "{\"text\":\"a vase\"}");

        assertThat(answer.body().path("results").findValuesAsText("product_id")).containsExactly("vase");
        assertThat(words.status()).isEqualTo(415);
    }

    /** Whoever sends more at once than can be decoded soon is told before its pictures are received; small ones pass. */
    @Test
    void aFloodOfLargePicturesIsRefusedAtTheDoor() throws Exception {
        String head = "POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                + "Content-Length: 2000000\r\n\r\n--b\r\n";
        int most = 8 * Runtime.getRuntime().availableProcessors();
        URI service = URI.create(pipeline.url());
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < most + 4; i++) {
                Socket socket = new Socket(service.getHost(), service.getPort());
                flood.add(socket);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
            List<String> answers = new ArrayList<>();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                for (Socket socket : flood) {
                    if (socket.getInputStream().available() > 0) {
                        byte[] answer = new byte[socket.getInputStream().available()];
                        socket.getInputStream().read(answer);
                        answers.add(new String(answer, StandardCharsets.US_ASCII));
                    }
                }
                return answers.size() >= 4;
            });
            assertThat(answers).hasSize(4).allSatisfy(answer -> assertThat(answer)
                    .startsWith("HTTP/1.1 429 ")
                    .containsIgnoringCase("\r\nRetry-After: "));
            assertThat(pipeline.api().searchByPicture(Pictures.jpeg(1)).status())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }
}
