package dev.vitrine.store;

import dev.vitrine.settings.InvalidSettingException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes clients of S3 as the settings say. */
final class S3Connection {
    private static final int TRIES = 5;
    private static final int CONNECTIONS = 64;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration CALL = Duration.ofSeconds(30);

    /** Servers that are not Amazon's take any region. */
    private static final Region ANY_REGION = Region.US_EAST_1;

    private final S3Settings settings;

    S3Connection(S3Settings settings) {
        this.settings = settings;
    }

    /**
     * A client that connects to nothing yet. Calls are tried five times, with growing pauses between: 1 s to 5 s where the
     * store asks for fewer of them, shorter ones otherwise.
     *
     * @throws InvalidSettingException where no region is set and none can be found
     */
    S3Client open() {
        S3ClientBuilder builder = S3Client.builder()
                .region(region())
                .credentialsProvider(credentials())
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(ANSWER)
                        .socketTimeout(ANSWER))
                .overrideConfiguration(calls -> calls.apiCallTimeout(CALL)
                        .apiCallAttemptTimeout(ANSWER)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(TRIES)
                                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelayHalfJitter(
                                        Duration.ofSeconds(1), Duration.ofSeconds(5)))
                                .build()));
        settings.endpoint().ifPresent(endpoint -> builder.endpointOverride(endpoint)
                // Other servers know no trailing checksums, and have no host name for each bucket.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(true)
                        .chunkedEncodingEnabled(false)
                        .build()));
        return builder.build();
    }

    private Region region() {
        if (settings.region().isPresent()) {
            return Region.of(settings.region().get());
        }
        if (settings.endpoint().isPresent()) {
            return ANY_REGION;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            throw new InvalidSettingException(
                    "No region of AWS is known; set AWS_REGION, or AWS_ENDPOINT_URL_S3 for another server than Amazon's");
        }
    }

    private AwsCredentialsProvider credentials() {
        if (settings.accessKey().isEmpty() || settings.secretKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        String key = settings.accessKey().get();
        String secret = settings.secretKey().get();
        AwsCredentials credentials = settings.sessionToken().isPresent()
                ? AwsSessionCredentials.create(
                        key, secret, settings.sessionToken().get())
                : AwsBasicCredentials.create(key, secret);
        return StaticCredentialsProvider.create(credentials);
    }
}
