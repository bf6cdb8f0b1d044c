package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.testing.WebhookReceiver;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One try each, to a receiver on this machine. */
class CallbackSenderTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final WebhookReceiver receiver = new WebhookReceiver();
    private final String port = receiver.host().split(":")[1];

    @AfterEach
    void stop() {
        receiver.close();
    }

    @AfterAll
    static void stopAll() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private CallbackSender sender(String... hosts) {
        AllowedHosts allowed = new AllowedHosts("VITRINE_CALLBACK_HOSTS", List.of(hosts), host ->
                new InetAddress[] {InetAddress.getByName("127.0.0.1")});
        return new CallbackSender(
                new OutboundHttp(VERTX, allowed),
                new SigningSecrets("VITRINE_CALLBACK_SECRETS", List.of(WebhookReceiver.SECRET)),
                new Receivers(System::currentTimeMillis),
                Clock.systemUTC());
    }

    private static OwedCallback owed(String url) {
        Job job = new Job("019c1b0e-9f7c-7c5e-8a38-2b0a3f1d5c11", "mug-1", "main", "Mug", Map.of(), 1, "image/jpeg");
        return new OwedCallback(job.id() + "_u", url, 2, JobState.completed(job, 2, "clip"));
    }

    private Duration retryAfter(String header) {
        String url = receiver.answer("/later", request -> {
            request.getResponseHeaders().add("Retry-After", header);
            request.sendResponseHeaders(503, -1);
        });
        return catchThrowableOfType(UndeliveredException.class, () -> sender(receiver.host())
                        .send(owed(url)))
                .retryAfter();
    }

    @Test
    void anAnswerOfTwoHundredTakesItAndWhatItSaysIsNotRead() throws Exception {
        sender(receiver.host()).send(owed(receiver.answer("/ok", request -> {
            request.sendResponseHeaders(201, 0);
            request.getResponseBody().write(new byte[1_000_000]);
        })));
        assertThat(receiver.at("/ok")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 400, 401, 404, 408, 429, 500, 502, 504})
    void anyOtherIsAFailure(int status) {
        String url = receiver.answer("/no", status);
        assertThatThrownBy(() -> sender(receiver.host()).send(owed(url)))
                .isInstanceOf(UndeliveredException.class)
                .hasMessageContaining("answers " + status);
        assertThat(receiver.at("/no")).hasSize(1);
    }

    @Test
    void goneEndsIt() {
        String url = receiver.answer("/gone", 410);
        assertThatThrownBy(() -> sender(receiver.host()).send(owed(url))).isInstanceOf(NotWantedException.class);
    }

    @Test
    void retryAfterIsReadAsSecondsAndAsADateUpToADay() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10));
        assertThat(retryAfter("120")).isEqualTo(Duration.ofMinutes(2));
        assertThat(retryAfter(date)).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        assertThat(retryAfter("999999999")).isEqualTo(Duration.ofDays(1));
        for (String nothing : List.of("soon", "-1", "Fri, 01 Jan 1999 00:00:00 GMT", "99999999999999999999")) {
            assertThat(retryAfter(nothing)).as(nothing).isZero();
        }
    }

    @Test
    void whoAsksForAPauseIsAskedNothingElseMeanwhile() {
        String busy = receiver.answer("/busy", request -> {
            request.getResponseHeaders().add("Retry-After", "60");
            request.sendResponseHeaders(429, -1);
        });
        CallbackSender sender = sender(receiver.host());
        assertThatThrownBy(() -> sender.send(owed(busy))).isInstanceOf(UndeliveredException.class);
        String other = receiver.answer("/other", 200);
        assertThatThrownBy(() -> sender.send(owed(other))).isInstanceOf(NoTurnException.class);
        assertThat(receiver.at("/other")).isEmpty();
    }

    @Test
    void aNameThatLeadsInsideGetsNothing() {
        receiver.answer("/in", 200);
        String url = "http://hooks.example:" + port + "/in";
        assertThatThrownBy(() -> sender("hooks.example:" + port).send(owed(url)))
                .isInstanceOf(UndeliveredException.class)
                .hasMessageContaining("127.0.0.1, which is not a public address");
        assertThat(receiver.at("/in")).isEmpty();
        assertThatCode(() -> sender("hooks.example:" + port, "127.0.0.0/8").send(owed(url)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> sender("other.example").send(owed(url)))
                .as("taken from the list since")
                .isInstanceOf(UndeliveredException.class)
                .hasMessageContaining("does not list");
    }

    @Test
    void aReceiverThatIsAwayIsAFailure() {
        String url = receiver.answer("/away", 200);
        receiver.close();
        assertThatThrownBy(() -> sender(receiver.host()).send(owed(url)))
                .isInstanceOf(UndeliveredException.class)
                .hasMessageContaining("is not delivered");
    }
}
