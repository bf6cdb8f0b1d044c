package dev.vitrine.intake;

import dev.vitrine.http.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Fetches files that a message names by URL. As whoever sent the message may name any URL, only hosts that the operator
 * listed are asked, redirects included, so that nobody reaches the network behind this service through it.
 */
public final class Downloads {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int MOST_REDIRECTS = 3;

    /** So that a slow host does not hold those who want something of another one. */
    private static final int MOST_AT_ONCE = 16;

    private static final Duration TURN_LIMIT = Duration.ofSeconds(5);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429);

    private final Uploads uploads;
    private final List<String> hosts;
    private final Duration limit;
    private final Turns turns = new Turns(MOST_AT_ONCE, TURN_LIMIT);
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(Redirect.NEVER)
            .build();

    /**
     * @param uploads where pictures lie until they are accepted
     * @param hosts {@code name} or {@code name:port}; {@code *.name} for every host below it; without a port only 80 and
     *     443
     * @param limit how long a download may take, redirects included
     */
    public Downloads(Uploads uploads, List<String> hosts, Duration limit) {
        this.uploads = uploads;
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        this.limit = limit;
    }

    /**
     * Fetches a file under a name of our own; it goes when the exchange ends.
     *
     * @param url the variable of this name
     * @throws ProblemException when the URL is not allowed, leads nowhere or to more than a picture may have; trying
     *     again is no use
     * @throws FetchException when the server is away, busy or slow, or too much is fetched from it already
     */
    public File fetch(@Variable("url") String url, Exchange exchange) throws IOException, InterruptedException {
        URI uri = allowed(parse(url));
        long end = System.nanoTime() + limit.toNanos();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            File file = uploads.forExchange(exchange);
            HttpResponse<Void> response;
            turns.take(uri.getAuthority());
            try {
                response = get(uri, file, end);
            } finally {
                turns.giveBack(uri.getAuthority());
            }
            int status = response.statusCode();
            if (status == 200) {
                return file;
            }
            if (!REDIRECTS.contains(status)) {
                throw refusal(uri, status);
            }
            String location = response.headers().firstValue("Location").orElse("");
            uri = allowed(uri.resolve(parse(location)));
        }
        throw bad(url, "leads through more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<Void> get(URI uri, File file, long end) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("User-Agent", "vitrine")
                .header("Accept", "image/*, */*;q=0.5")
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(
                request,
                head -> head.statusCode() == 200 ? new FileSubscriber(file.toPath()) : BodySubscribers.discarding());
        try {
            return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ProblemException problem) {
                    throw problem;
                }
            }
            throw new FetchException(uri + " cannot be fetched: " + reason(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new FetchException(uri + " was not fetched within " + limit.toSeconds() + " s", e);
        } finally {
            answer.cancel(true);
        }
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static IOException refusal(URI uri, int status) {
        if (status >= 500 || TRY_LATER.contains(status)) {
            return new FetchException(uri + " answers " + status + " now", null);
        }
        throw bad(uri.toString(), "answers " + status);
    }

    private static URI parse(String url) {
        try {
            return new URI(url == null ? "" : url.strip());
        } catch (URISyntaxException e) {
            throw new ProblemException(422, "'" + url + "' is not a URL", List.of(), e);
        }
    }

    private URI allowed(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null || uri.getUserInfo() != null) {
            throw bad(uri.toString(), "is not a plain http or https URL");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String port = uri.getPort() < 0 || uri.getPort() == 80 || uri.getPort() == 443 ? "" : ":" + uri.getPort();
        String parents = host.indexOf('.') < 0 ? "" : host.substring(host.indexOf('.') + 1);
        if (!hosts.contains(host + port) && !isBelowOne(parents, port)) {
            throw bad(uri.toString(), "is on a host that VITRINE_FETCH_HOSTS does not list");
        }
        return uri;
    }

    private boolean isBelowOne(String parents, String port) {
        for (String parent = parents; !parent.isEmpty(); ) {
            if (hosts.contains("*." + parent + port)) {
                return true;
            }
            int dot = parent.indexOf('.');
            parent = dot < 0 ? "" : parent.substring(dot + 1);
        }
        return false;
    }

    private static ProblemException bad(String url, String what) {
        return ProblemException.ofField(422, "url", url + " " + what);
    }

    /** Writes a body to a file, and gives up on one that is too long. */
    private final class FileSubscriber implements BodySubscriber<Void> {
        private final Path file;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private FileChannel channel;
        private Subscription subscription;
        private long room = uploads.maxBytes();

        FileSubscriber(Path file) {
            this.file = file;
        }

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            try {
                channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (IOException e) {
                giveUp(e);
                return;
            }
            subscription.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            try {
                for (ByteBuffer buffer : buffers) {
                    room -= buffer.remaining();
                    if (room < 0) {
                        giveUp(uploads.tooLarge());
                        return;
                    }
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
                subscription.request(1);
            } catch (IOException e) {
                giveUp(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            close();
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            close();
            done.complete(null);
        }

        private void giveUp(Throwable failure) {
            subscription.cancel();
            onError(failure);
        }

        private void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
