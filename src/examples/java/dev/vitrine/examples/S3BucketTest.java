package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Object;

/** routes/examples/s3-bucket.camel.yaml against S3Proxy, a server that speaks S3 over a folder in memory. */
@Tag("examples")
class S3BucketTest {
    private static final String BUCKET = "pictures";

    @TempDir
    private Path folder;

    private BlobStoreContext store;
    private S3Proxy server;
    private S3Client client;
    private Site site;

    @BeforeEach
    void startServer() throws Exception {
        store = ContextBuilder.newBuilder("transient")
                .credentials("shop", "secret")
                .build(BlobStoreContext.class);
        server = S3Proxy.builder()
                .blobStore(store.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                // It does not know the checksums that the client sends along.
                .ignoreUnknownHeaders(true)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "shop", "secret")
                .build();
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        client = S3Client.builder()
                .endpointOverride(endpoint)
                // S3Proxy knows no checksums behind a signed body.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(true)
                        .chunkedEncodingEnabled(false)
                        .build())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("shop", "secret")))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
        site = new Site(folder)
                .example("s3-bucket")
                .property("shop.s3.bucket", BUCKET)
                .property("shop.s3.delay", 200)
                .property("camel.component.aws2-s3.region", "us-east-1")
                .property("camel.component.aws2-s3.accessKey", "shop")
                .property("camel.component.aws2-s3.secretKey", "secret")
                .property("camel.component.aws2-s3.overrideEndpoint", "true")
                .property("camel.component.aws2-s3.uriEndpointOverride", endpoint)
                .property("camel.component.aws2-s3.forcePathStyle", "true");
    }

    @AfterEach
    void stopServer() throws Exception {
        client.close();
        server.stop();
        store.close();
    }

    private void put(String key, byte[] content) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
    }

    private List<String> keys() {
        return client.listObjects(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    @Test
    void takesPicturesAndMovesBadOnesAside() {
        put("incoming/mug-1.jpg", Pictures.jpeg(1));
        put("incoming/summer/mug-2.jpg", Pictures.jpeg(2));
        put("incoming/mug-3.jpg", "not a picture".getBytes());
        put("else/mug-4.jpg", Pictures.jpeg(4));
        try (RunningVitrine service = site.start()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Site.jobs(service).equals(List.of("mug-1 completed", "mug-2 completed")));
            await().until(() ->
                    keys().equals(List.of("done/mug-1.jpg", "done/mug-2.jpg", "else/mug-4.jpg", "refused/mug-3.jpg")));
            assertThat(service.keptFiles()).isEmpty();
        }
    }

    @Test
    void leavesObjectsWhereTheyAreWhileNothingCanBeTaken() {
        put("incoming/mug-1.jpg", Pictures.jpeg(1));
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "900000000GB").start()) {
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(keys()).containsExactly("incoming/mug-1.jpg");
            assertThat(service.keptFiles()).isEmpty();
        }
        try (RunningVitrine service = site.environment("VITRINE_MIN_FREE", "1MB").start()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Site.jobs(service).equals(List.of("mug-1 completed")));
        }
    }
}
