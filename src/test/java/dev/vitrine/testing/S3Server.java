package dev.vitrine.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.PageSet;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.options.ListContainerOptions;

/**
 * A server that speaks S3 and checks signatures (S3Proxy), over memory or a folder, with one bucket. What it holds tests see and change
 * without asking it. As a program of its own, {@code S3Server ADDRESS PORT [FOLDER]} serves until it is killed, so that it can run
 * elsewhere, such as in a network namespace.
 */
public final class S3Server implements AutoCloseable {
    /** The bucket that is there. */
    public static final String BUCKET = "vitrine";

    public static final String ACCESS_KEY = "AKIDVITRINETESTS";
    public static final String SECRET_KEY = "secret-of-vitrines-tests";

    private static final String LOOPBACK = "127.0.0.1";

    private final BlobStoreContext context;
    private final S3Proxy server;
    private final String address;

    private S3Server(String address, int port, BlobStoreContext context) throws Exception {
        this.address = address;
        this.context = context;
        this.server = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://" + address + ":" + port))
                .ignoreUnknownHeaders(true)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        server.start();
        store().createContainerInLocation(null, BUCKET);
    }

    /** Starts a server on a free port of the loopback. */
    public static S3Server start() {
        return start(LOOPBACK, 0);
    }

    /**
     * Starts a server.
     *
     * @param address which it is bound to
     * @param port 0 for a free one
     */
    public static S3Server start(String address, int port) {
        try {
            return new S3Server(
                    address,
                    port,
                    ContextBuilder.newBuilder("transient")
                            .credentials(ACCESS_KEY, SECRET_KEY)
                            .build(BlobStoreContext.class));
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server cannot be started", e);
        }
    }

    /** Starts a server that keeps what it holds in a folder, whatever ends it. */
    public static S3Server start(String address, int port, Path folder) {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        try {
            return new S3Server(
                    address,
                    port,
                    ContextBuilder.newBuilder("filesystem-nio2")
                            .credentials(ACCESS_KEY, SECRET_KEY)
                            .overrides(properties)
                            .build(BlobStoreContext.class));
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server cannot be started", e);
        }
    }

    /** Serves until it is killed; arguments are address and port, and a folder where what it holds is to outlast it. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[1]);
        S3Server server =
                arguments.length > 2 ? start(arguments[0], port, Path.of(arguments[2])) : start(arguments[0], port);
        System.out.println("S3 at " + server.endpoint());
        Thread.currentThread().join();
    }

    public URI endpoint() {
        return URI.create("http://" + address + ":" + server.getPort());
    }

    /** What tells AWS's programs, and Vitrine, how to reach it. */
    public Map<String, String> environment() {
        return environment(endpoint());
    }

    /** What tells them to reach it by another address, such as that of a proxy before it. */
    public static Map<String, String> environment(URI endpoint) {
        return Map.of(
                "AWS_ENDPOINT_URL_S3",
                endpoint.toString(),
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY",
                SECRET_KEY);
    }

    /** The keys of all objects in the bucket that begin with a prefix, sorted. */
    public List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        ListContainerOptions options = new ListContainerOptions().prefix(prefix).recursive();
        PageSet<? extends StorageMetadata> page = store().list(BUCKET, options);
        while (true) {
            page.forEach(object -> keys.add(object.getName()));
            if (page.getNextMarker() == null) {
                return keys.stream().sorted().toList();
            }
            page = store().list(BUCKET, options.clone().afterMarker(page.getNextMarker()));
        }
    }

    /** Puts an object. */
    public void put(String key, byte[] content) {
        store().putBlob(
                        BUCKET,
                        store().blobBuilder(key)
                                .payload(content)
                                .contentLength(content.length)
                                .build());
    }

    /** Removes an object. */
    public void remove(String key) {
        store().removeBlob(BUCKET, key);
    }

    /** Removes all objects. */
    public void clear() {
        store().clearContainer(BUCKET);
    }

    private BlobStore store() {
        return context.getBlobStore();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server cannot be stopped", e);
        } finally {
            context.close();
        }
    }
}
