package dev.vitrine.store;

import dev.vitrine.store.ObjectStoreException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Says of a failure of S3 what it means; and says once in the log that the store is away, and that it is back. */
final class S3Failures {
    private static final Logger LOG = LoggerFactory.getLogger(S3Failures.class);

    private final String place;
    private final AtomicBoolean away = new AtomicBoolean();

    /** @param place names the bucket */
    S3Failures(String place) {
        this.place = place;
    }

    /** A call has succeeded. */
    void back() {
        if (away.get() && away.compareAndSet(true, false)) {
            LOG.info("The object store {} is back", place);
        }
    }

    /** What a call's failure means. */
    ObjectStoreException of(SdkException failure) {
        ObjectStoreException meaning = failure instanceof AwsServiceException answer
                ? meaning(answer)
                : new ObjectStoreException(
                        Reason.AWAY,
                        place + " cannot be reached: " + innermost(failure)
                                + ". See AWS_ENDPOINT_URL_S3, AWS_REGION and the" + " credentials",
                        failure);
        if (meaning.reason() != Reason.FORBIDDEN && away.compareAndSet(false, true)) {
            LOG.warn("{}. What needs it waits or is refused.", meaning.getMessage());
        }
        return meaning;
    }

    private ObjectStoreException meaning(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        String said = code == null ? Integer.toString(answer.statusCode()) : code;
        if ("RequestTimeTooSkewed".equals(code)) {
            return new ObjectStoreException(
                    Reason.CLOCK,
                    place + " refuses this machine's requests because the clocks differ" + difference(answer)
                            + " (RequestTimeTooSkewed); set this machine's clock by NTP (chrony, systemd-timesyncd)",
                    answer);
        }
        if ("NoSuchBucket".equals(code)) {
            return new ObjectStoreException(
                    Reason.NO_BUCKET, place + ": there is no such bucket; make it, or name another one", answer);
        }
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            return new ObjectStoreException(
                    Reason.FORBIDDEN,
                    place + " refuses (" + said
                            + "); the access key needs s3:PutObject, s3:GetObject, s3:DeleteObject and"
                            + " s3:ListBucket there. `./vitrine doctor` tries each",
                    answer);
        }
        if ("SlowDown".equals(code) || answer.isThrottlingException()) {
            return new ObjectStoreException(
                    Reason.AWAY, place + " asks for fewer requests (" + said + "), also after some pauses", answer);
        }
        return new ObjectStoreException(
                Reason.AWAY, place + " answers " + answer.statusCode() + " (" + said + ")", answer);
    }

    private static String difference(AwsServiceException answer) {
        if (answer.awsErrorDetails() == null) {
            return "";
        }
        return time(answer.awsErrorDetails().sdkHttpResponse())
                .map(there ->
                        " by " + Duration.between(there, Instant.now()).abs().toMinutes() + " minutes")
                .orElse("");
    }

    /** The time that an answer was sent, by the store's clock. */
    static Optional<Instant> time(SdkHttpResponse response) {
        if (response == null) {
            return Optional.empty();
        }
        try {
            return response.firstMatchingHeader("Date")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String innermost(Throwable failure) {
        Throwable current = failure;
        while (current.getCause() != null && current.getCause() != current) {
            current = current.getCause();
        }
        return current.getMessage() == null ? current.getClass().getSimpleName() : current.getMessage();
    }
}
