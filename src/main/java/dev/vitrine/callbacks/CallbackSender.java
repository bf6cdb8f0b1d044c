package dev.vitrine.callbacks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.OutboundAnswer;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.http.outbound.OutboundRequest;
import dev.vitrine.job.JobState;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.apache.camel.Variable;

/** Brings webhooks to their receivers, after Standard Webhooks 1.0.0. */
public final class CallbackSender {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    /** What of an answer nobody reads is let in before the connection is closed. */
    private static final int MOST_ANSWER_BYTES = 64 * 1024;

    /** The body. */
    private record Message(
            @JsonProperty("type") String type,
            @JsonProperty("timestamp") String timestamp,
            @JsonProperty("data") JobState data) {}

    private final OutboundHttp http;
    private final SigningSecrets secrets;
    private final Receivers receivers;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    CallbackSender(OutboundHttp http, SigningSecrets secrets, Receivers receivers, Clock clock) {
        this.http = http;
        this.secrets = secrets;
        this.receivers = receivers;
        this.clock = clock;
    }

    /**
     * Sends a webhook once, and returns where the receiver took it.
     *
     * @throws NoTurnException where it was not tried, as the receiver gets enough just now
     * @throws NotWantedException where the receiver answers 410
     * @throws UndeliveredException where it did not take it
     * @throws InterruptedException hangs up
     */
    public void send(@Variable("callback") OwedCallback owed)
            throws NoTurnException, NotWantedException, UndeliveredException, InterruptedException {
        URI uri = allowed(owed.url());
        String receiver = uri.getAuthority();
        receivers.enter(receiver);
        long begin = clock.millis();
        OutboundAnswer answer;
        try {
            answer = post(uri, owed);
        } catch (ForbiddenUrlException e) {
            throw undelivered(owed, uri + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw undelivered(owed, receiver + " cannot be reached: " + e.getMessage(), e);
        } finally {
            receivers.leave(receiver, clock.millis() - begin);
        }
        check(owed, receiver, answer);
    }

    private OutboundAnswer post(URI uri, OwedCallback owed) throws IOException, InterruptedException {
        byte[] body = body(owed);
        String id = "msg_" + owed.id();
        long timestamp = clock.instant().getEpochSecond();
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/json",
                "User-Agent",
                "vitrine",
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(timestamp),
                "webhook-signature",
                secrets.sign(id, timestamp, body));
        int[] room = {MOST_ANSWER_BYTES};
        OutboundAnswer[] head = new OutboundAnswer[1];
        try {
            return http.send(
                    OutboundRequest.post(uri, headers, body),
                    answer -> {
                        head[0] = answer;
                        return part -> leaveOut(part, room);
                    },
                    LIMIT);
        } catch (IOException e) {
            if (head[0] != null) {
                return head[0]; // the status said all there is to know
            }
            throw e;
        }
    }

    private static void leaveOut(byte[] part, int[] room) throws IOException {
        room[0] -= part.length;
        if (room[0] < 0) {
            throw new IOException("the answer is too long");
        }
    }

    private void check(OwedCallback owed, String receiver, OutboundAnswer answer)
            throws NotWantedException, UndeliveredException {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return;
        }
        if (status == 410) {
            throw new NotWantedException(
                    receiver + " wants no webhook of job " + owed.job().id() + " (410)");
        }
        Duration pause = answer.header("Retry-After").map(this::pause).orElse(Duration.ZERO);
        if (!pause.isZero()) {
            receivers.keepQuiet(receiver, pause);
        }
        throw new UndeliveredException(
                receiver + " answers " + status + " to the webhook of job "
                        + owed.job().id(),
                pause,
                null);
    }

    /** Seconds or a date (RFC 9110, 10.2.3), at most a day; zero for anything else. */
    private Duration pause(String text) {
        Duration asked;
        try {
            asked = text.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text.strip()))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    private URI allowed(String url) throws UndeliveredException {
        try {
            return http.check(url);
        } catch (ForbiddenUrlException e) {
            throw new UndeliveredException("The webhook's URL " + e.getMessage(), Duration.ZERO, e);
        }
    }

    private static UndeliveredException undelivered(OwedCallback owed, String why, Exception cause) {
        return new UndeliveredException(
                "The webhook of job " + owed.job().id() + " is not delivered: " + why, Duration.ZERO, cause);
    }

    private byte[] body(OwedCallback owed) {
        JobState job = owed.job();
        String at =
                job.finishedAt() == null ? Instant.ofEpochMilli(owed.since()).toString() : job.finishedAt();
        try {
            return json.writeValueAsBytes(new Message("job." + job.status().wireName(), at, job));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A job's state is JSON", e);
        }
    }
}
