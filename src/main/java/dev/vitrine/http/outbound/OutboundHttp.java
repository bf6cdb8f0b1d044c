package dev.vitrine.http.outbound;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to allowed hosts. The host's addresses are asked for once, checked, and the connection goes to one of
 * them, so that no second answer of a name server can lead elsewhere; certificates are checked against the host's name.
 * Each request has a connection of its own. Redirects are not followed, cookies not kept, proxies not used.
 *
 * <p>Thread-safe.
 */
public final class OutboundHttp implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    /** A host with more addresses is not tried at all of them. */
    private static final int MOST_ADDRESSES = 4;

    private static final int MOST_CONNECTIONS = 1_024;

    private final AllowedHosts hosts;
    private final HttpClient client;

    /** @param hosts those that may be asked */
    public OutboundHttp(Vertx vertx, AllowedHosts hosts) {
        this(vertx, hosts, null);
    }

    /** @param trust whose certificates are believed; null for those that this Java believes */
    OutboundHttp(Vertx vertx, AllowedHosts hosts, TrustOptions trust) {
        this.hosts = hosts;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(false)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setTrustOptions(trust),
                // The bounds for a host are those of whoever sends.
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    /**
     * Reads a URL that may be asked, without asking anybody.
     *
     * @throws ForbiddenUrlException where it is no plain http or https URL of a host that is listed
     */
    public URI check(String url) {
        return hosts.check(url);
    }

    /**
     * Sends a request and reads its answer.
     *
     * @param content takes the body
     * @param limit of all of it, beside the question for the host's addresses
     * @throws ForbiddenUrlException where the URL, or every address of its host, is not allowed
     * @throws IOException where the host is not known, cannot be reached, breaks off or is too slow
     * @throws InterruptedException hangs up
     */
    public OutboundAnswer send(OutboundRequest request, Content.Choice content, Duration limit)
            throws IOException, InterruptedException {
        Destination destination = hosts.resolve(request.uri());
        long end = System.nanoTime() + limit.toNanos();
        List<InetAddress> addresses = destination.addresses();
        for (int i = 0; ; i++) {
            boolean isLast = i == Math.min(addresses.size(), MOST_ADDRESSES) - 1;
            try (Conversation conversation =
                    new Conversation(client, options(request, destination, addresses.get(i)), request.body(), end)) {
                return conversation.hold(content);
            } catch (ConnectException e) {
                if (isLast || end - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(1)) {
                    throw e;
                }
            }
        }
    }

    private static RequestOptions options(OutboundRequest request, Destination to, InetAddress address) {
        URI uri = request.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, to.port())))
                .setHost(bare(uri.getHost()))
                .setPort(to.port())
                .setSsl(to.isTls())
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
        request.headers().forEach(options::putHeader);
        return options.putHeader("Host", uri.getRawAuthority()).putHeader("Connection", "close");
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public void close() {
        client.close();
    }
}
