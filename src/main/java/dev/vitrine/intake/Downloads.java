package dev.vitrine.intake;

import dev.vitrine.http.ProblemException;
import dev.vitrine.http.outbound.BusyHostException;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.OutboundHttp;
import java.io.File;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
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
    /** So that a slow host does not hold those who want something of another one. */
    private static final int MOST_AT_ONCE = 16;

    private static final Duration TURN_LIMIT = Duration.ofSeconds(5);
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429);

    private static final Map<String, String> HEADERS = Map.of("User-Agent", "vitrine", "Accept", "image/*, */*;q=0.5");

    private final Uploads uploads;
    private final FileFetch files;
    private final Duration limit;

    /**
     * @param uploads where pictures lie until they are accepted
     * @param http reaches the hosts of {@code VITRINE_FETCH_HOSTS}
     * @param limit how long a download may take, redirects included
     */
    public Downloads(Uploads uploads, OutboundHttp http, Duration limit) {
        this.uploads = uploads;
        this.files = new FileFetch(http, MOST_AT_ONCE, TURN_LIMIT);
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
        File file = uploads.forExchange(exchange);
        try {
            FileFetch.Fetched fetched = files.fetch(url, HEADERS, file.toPath(), uploads.maxBytes(), limit);
            if (fetched.answer().status() == 200) {
                return file;
            }
            throw refusal(fetched.uri(), fetched.answer().status());
        } catch (ForbiddenUrlException e) {
            throw bad(e.url().orElse(url), e.getMessage());
        } catch (FileFetch.TooLargeException e) {
            throw uploads.tooLarge();
        } catch (BusyHostException e) {
            throw new FetchException(e.getMessage(), e);
        } catch (SocketTimeoutException e) {
            throw new FetchException(url + " was not fetched within " + limit.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new FetchException(url + " cannot be fetched: " + reason(e), e);
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
}
