package dev.vitrine.http.outbound;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Fetches files from allowed hosts, not too many at once from the same one, and follows redirects within the allowed hosts.
 * Thread-safe.
 */
public final class FileFetch {
    private static final int MOST_REDIRECTS = 3;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /**
     * What came of it.
     *
     * @param uri who answered, after redirects
     * @param answer its head; the file is there with status 200 only
     */
    public record Fetched(URI uri, OutboundAnswer answer) {}

    /** Holds whoever is about to ask a host. */
    @FunctionalInterface
    public interface Gate {
        /** @param authority the host, with its port */
        void pass(String authority) throws InterruptedException;
    }

    /** The file is longer than it may be. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long most) {
            super("has more than " + most + " bytes, the limit");
        }
    }

    private final OutboundHttp http;
    private final Turns turns;

    /**
     * @param mostAtOnce how many are fetched from a host at once
     * @param patience how long a file waits for its turn
     */
    public FileFetch(OutboundHttp http, int mostAtOnce, Duration patience) {
        this.http = http;
        this.turns = new Turns(mostAtOnce, patience);
    }

    /**
     * Fetches a file.
     *
     * @param headers of every request
     * @param file written with status 200, and anew
     * @param maxBytes of the file
     * @param limit of time, redirects included, the wait for a turn not
     * @throws ForbiddenUrlException where the URL, or one it leads to, may not be asked or is none
     * @throws BusyHostException where no turn comes in time
     * @throws java.net.SocketTimeoutException where it takes too long
     * @throws TooLargeException where it is too long
     * @throws IOException where the host cannot be reached or breaks off
     */
    public Fetched fetch(String url, Map<String, String> headers, Path file, long maxBytes, Duration limit)
            throws IOException, InterruptedException {
        return fetch(url, headers, file, maxBytes, limit, authority -> {});
    }

    /**
     * As {@link #fetch(String, Map, Path, long, Duration)}.
     *
     * @param gate is passed before each request, by one that has its turn; the time there does not count
     */
    public Fetched fetch(String url, Map<String, String> headers, Path file, long maxBytes, Duration limit, Gate gate)
            throws IOException, InterruptedException {
        URI uri = http.check(url);
        long left = limit.toNanos();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            turns.take(uri.getAuthority());
            long began;
            OutboundAnswer answer;
            try {
                gate.pass(uri.getAuthority());
                began = System.nanoTime();
                answer = get(uri, headers, file, maxBytes, Duration.ofNanos(left));
            } catch (ForbiddenUrlException e) {
                throw new ForbiddenUrlException(uri.toString(), e.getMessage());
            } finally {
                turns.giveBack(uri.getAuthority());
            }
            left -= System.nanoTime() - began;
            if (!REDIRECTS.contains(answer.status())) {
                return new Fetched(uri, answer);
            }
            uri = redirected(uri, answer.header("Location").orElse(""));
        }
        throw new ForbiddenUrlException(url, "leads through more than " + MOST_REDIRECTS + " redirects");
    }

    private OutboundAnswer get(URI uri, Map<String, String> headers, Path file, long maxBytes, Duration limit)
            throws IOException, InterruptedException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return http.send(
                    OutboundRequest.get(uri, headers),
                    head -> head.status() == 200 ? new Bounded(out, maxBytes)::take : Content.UNWANTED,
                    limit);
        }
    }

    private URI redirected(URI from, String location) {
        String to;
        try {
            to = from.resolve(location.strip()).toString();
        } catch (IllegalArgumentException e) {
            throw new ForbiddenUrlException(location, "is not a URL");
        }
        try {
            return http.check(to);
        } catch (ForbiddenUrlException e) {
            throw new ForbiddenUrlException(to, e.getMessage());
        }
    }

    /** Writes a body to a file, and gives up on one that is too long. */
    private static final class Bounded {
        private final OutputStream out;
        private final long most;
        private long room;

        Bounded(OutputStream out, long most) {
            this.out = out;
            this.most = most;
            this.room = most;
        }

        void take(byte[] part) throws IOException {
            room -= part.length;
            if (room < 0) {
                throw new TooLargeException(most);
            }
            out.write(part);
        }
    }
}
