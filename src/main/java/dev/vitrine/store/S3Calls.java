package dev.vitrine.store;

import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * A client of S3, for endpoints of routes too, whose calls fail with an {@link ObjectStoreException}; where an object is
 * missing the client's own exception says so.
 */
final class S3Calls extends DelegatingS3Client {
    private final S3Failures failures;

    S3Calls(S3Client client, S3Failures failures) {
        super(client);
        this.failures = failures;
    }

    /** Camel asks when an endpoint starts, and gives up where nobody answers. The service starts all the same, and says so. */
    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        return HeadBucketResponse.builder().build();
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        try {
            R result = operation.apply(request);
            failures.back();
            return result;
        } catch (NoSuchKeyException | NoSuchUploadException e) {
            failures.back();
            throw e;
        } catch (SdkException e) {
            throw failures.of(e);
        }
    }
}
