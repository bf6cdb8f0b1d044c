package dev.vitrine.store;

import dev.vitrine.store.ObjectPage.StoredObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/** An {@link ObjectStore} in S3. */
final class S3Store implements ObjectStore {
    private final StoreAddress address;
    private final S3Settings settings;
    private final S3Store root;
    private final S3Failures failures;
    private S3Client client;

    /** Connects when it is first used. */
    S3Store(StoreAddress address, S3Settings settings) {
        this.address = address;
        this.settings = settings;
        this.root = this;
        this.failures = new S3Failures(place());
    }

    private S3Store(StoreAddress address, S3Store root) {
        this.address = address;
        this.settings = root.settings;
        this.root = root;
        this.failures = root.failures;
    }

    @Override
    public ObjectStore below(String word) {
        return new S3Store(address.below(word), root);
    }

    @Override
    public String place() {
        return address + settings.endpoint().map(endpoint -> " at " + endpoint).orElse("");
    }

    @Override
    public String bucket() {
        return address.bucket();
    }

    @Override
    public String path(String key) {
        return address.prefix() + key;
    }

    @Override
    public S3Client client() {
        return root.connected();
    }

    private synchronized S3Client connected() {
        if (client == null) {
            client = new S3Calls(new S3Connection(settings).open(), failures);
        }
        return client;
    }

    @Override
    public void put(String key, byte[] content) {
        client().putObject(put -> put.bucket(address.bucket()).key(path(key)), RequestBody.fromBytes(content));
    }

    @Override
    public Optional<byte[]> get(String key) {
        try {
            return Optional.of(client().getObject(
                            get -> get.bucket(address.bucket()).key(path(key)), ResponseTransformer.toBytes())
                    .asByteArray());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean fetch(String key, Path file) {
        try {
            client().getObject(get -> get.bucket(address.bucket()).key(path(key)), ResponseTransformer.toFile(file));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    @Override
    public long size(String key) {
        try {
            return client().headObject(head -> head.bucket(address.bucket()).key(path(key)))
                    .contentLength();
        } catch (NoSuchKeyException e) {
            return -1;
        }
    }

    @Override
    public void delete(String key) {
        client().deleteObject(delete -> delete.bucket(address.bucket()).key(path(key)));
    }

    @Override
    public ObjectPage list(String after, int most) {
        ListObjectsV2Response response = client().listObjectsV2(list -> list.bucket(address.bucket())
                .prefix(address.prefix())
                .startAfter(after.isEmpty() ? null : path(after))
                .maxKeys(most));
        List<StoredObject> objects = response.contents().stream()
                .map(object -> new StoredObject(
                        object.key().substring(address.prefix().length()), object.size(), object.lastModified()))
                .toList();
        Instant now = S3Failures.time(response.sdkHttpResponse()).orElseGet(Instant::now);
        return new ObjectPage(objects, !Boolean.TRUE.equals(response.isTruncated()), now);
    }

    @Override
    public int abortUploads(Duration age) {
        ListMultipartUploadsResponse response = client().listMultipartUploads(
                        list -> list.bucket(address.bucket()).prefix(address.prefix()));
        Instant before = S3Failures.time(response.sdkHttpResponse())
                .orElseGet(Instant::now)
                .minus(age);
        int aborted = 0;
        for (MultipartUpload upload : response.uploads()) {
            if (upload.key().startsWith(address.prefix()) && upload.initiated().isBefore(before) && abort(upload)) {
                aborted++;
            }
        }
        return aborted;
    }

    private boolean abort(MultipartUpload upload) {
        try {
            client().abortMultipartUpload(abort ->
                    abort.bucket(address.bucket()).key(upload.key()).uploadId(upload.uploadId()));
            return true;
        } catch (NoSuchUploadException e) {
            return false; // it was ended meanwhile
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
