package dev.vitrine.intake;

import dev.vitrine.http.ProblemException;
import dev.vitrine.http.outbound.Content;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.OutboundAnswer;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.http.outbound.OutboundRequest;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Fetches files that a message names by URL. As whoever sent the message may name any URL, only hosts that the operator
 * listed are asked, redirects included, and at addresses that were checked, so that nobody reaches the network behind
 * this service through it.
 */
public final class Downloads {
    private static final int MOST_REDIRECTS = 3;

    /** So that a slow host does not hold those who want something of another one. */
    private static final int MOST_AT_ONCE = 16;

    private static final Duration TURN_LIMIT = Duration.ofSeconds(5);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429);

    private static final Map<String, String> HEADERS = Map.of("User-Agent", "vitrine", "Accept", "image/*, */*;q=0.5");

    private final Uploads uploads;
    private final OutboundHttp http;
    private final Duration limit;
    private final Turns turns = new Turns(MOST_AT_ONCE, TURN_LIMIT);

    /**
     * @param uploads where pictures lie until they are accepted
     * @param http reaches the hosts of {@code VITRINE_FETCH_HOSTS}
     * @param limit how long a download may take, redirects included
     */
    public Downloads(Uploads uploads, OutboundHttp http, Duration limit) {
        this.uploads = uploads;
        this.http = http;
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
        URI uri = allowed(url);
        long end = System.nanoTime() + limit.toNanos();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            File file = uploads.forExchange(exchange);
            OutboundAnswer answer;
            turns.take(uri.getAuthority());
            try {
                answer = get(uri, file, end);
            } finally {
                turns.giveBack(uri.getAuthority());
            }
            int status = answer.status();
            if (status == 200) {
                return file;
            }
            if (!REDIRECTS.contains(status)) {
                throw refusal(uri, status);
            }
            uri = redirected(uri, answer.header("Location").orElse(""));
        }
        throw bad(url, "leads through more than " + MOST_REDIRECTS + " redirects");
    }

    private OutboundAnswer get(URI uri, File file, long end) throws IOException, InterruptedException {
        try (OutputStream out = Files.newOutputStream(file.toPath(), StandardOpenOption.CREATE_NEW)) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            return http.send(
                    OutboundRequest.get(uri, HEADERS),
                    head -> head.status() == 200 ? new Bounded(out)::take : Content.UNWANTED,
                    left);
        } catch (ForbiddenUrlException e) {
            throw bad(uri.toString(), e.getMessage());
        } catch (SocketTimeoutException e) {
            throw new FetchException(uri + " was not fetched within " + limit.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new FetchException(uri + " cannot be fetched: " + reason(e), e);
        }
    }

    private URI redirected(URI from, String location) {
        try {
            return allowed(from.resolve(location.strip()).toString());
        } catch (IllegalArgumentException e) {
            throw bad(location, "is not a URL");
        }
    }

    private URI allowed(String url) {
        try {
            return http.check(url);
        } catch (ForbiddenUrlException e) {
            throw bad(url, e.getMessage());
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

    private static ProblemException bad(String url, String what) {
        return ProblemException.ofField(422, "url", url + " " + what);
    }

    /** Writes a body to a file, and gives up on one that is too long. */
    private final class Bounded {
        private final OutputStream out;
        private long room = uploads.maxBytes();

        Bounded(OutputStream out) {
            this.out = out;
        }

        void take(byte[] part) throws IOException {
            room -= part.length;
            if (room < 0) {
                throw uploads.tooLarge();
            }
            out.write(part);
        }
    }
}
