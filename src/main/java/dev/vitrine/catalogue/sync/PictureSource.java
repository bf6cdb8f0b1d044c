package dev.vitrine.catalogue.sync;

import dev.vitrine.http.outbound.BusyHostException;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.OutboundAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Has the pictures that a catalogue names: below a folder, or at URLs. Thread-safe. */
public final class PictureSource {
    /** A host that is busy was asked too fast, which says nothing of the picture. */
    private static final int MOST_BUSY = 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final Set<Integer> MUST_BE_PUBLIC = Set.of(401, 403);
    private static final int HEAD_BYTES = 512;

    private final FileFetch fetch;
    private final HostPauses pauses;
    private final ImageBase base;
    private final Path temporary;
    private final long maxBytes;

    /**
     * @param fetch reaches the hosts of pictures
     * @param base where relative paths and URLs begin
     * @param temporary a folder for what is fetched
     * @param maxBytes of a picture
     */
    public PictureSource(FileFetch fetch, HostPauses pauses, ImageBase base, Path temporary, long maxBytes) {
        this.fetch = fetch;
        this.pauses = pauses;
        this.base = base;
        this.temporary = temporary;
        this.maxBytes = maxBytes;
    }

    /** Where relative pictures are. */
    ImageBase base() {
        return base;
    }

    /**
     * A picture, unless its server says that it is the one that is known.
     *
     * @param known what to ask about; empty for the picture in any case
     * @throws UnusableSourceException where it cannot be had
     */
    Picture get(String picture, Optional<Known> known) throws IOException, InterruptedException {
        Optional<String> url = base.urlOf(picture);
        return url.isPresent() ? fetch(url.get(), known) : local(base.pathOf(picture));
    }

    /** Where a picture is: its whole URL or path. */
    String place(String picture) throws IOException {
        Optional<String> url = base.urlOf(picture);
        return url.isPresent() ? url.get() : base.pathOf(picture).toString();
    }

    /** A picture by its place. */
    Picture getFrom(String place) throws IOException, InterruptedException {
        return ImageBase.isUrl(place) ? fetch(place, Optional.empty()) : local(Path.of(place));
    }

    private Picture local(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UnusableSourceException(
                    "There is no file " + file + "; say where pictures are with --image-base");
        }
        if (Files.size(file) > maxBytes) {
            throw new UnusableSourceException(tooLarge());
        }
        return new Picture(file, hash(file), null, null, false);
    }

    private String tooLarge() {
        return "has more than " + maxBytes + " bytes, the limit (VITRINE_MAX_UPLOAD)";
    }

    private Picture fetch(String url, Optional<Known> known) throws IOException, InterruptedException {
        Path file = temporary.resolve(UUID.randomUUID().toString());
        try {
            for (int tried = 1; ; tried++) {
                try {
                    FileFetch.Fetched fetched = fetch.fetch(url, headers(known), file, maxBytes, LIMIT, pauses::await);
                    OutboundAnswer answer = fetched.answer();
                    String host = fetched.uri().getAuthority();
                    if (!TRY_LATER.contains(answer.status())) {
                        pauses.answered(host);
                    }
                    if (answer.status() == 200 || answer.status() == 304 && known.isPresent()) {
                        return picture(answer, file, known);
                    }
                    if (isBusy(answer) && tried < MOST_BUSY) {
                        pauses.pause(host, answer.header("Retry-After"), tried);
                    } else if (TRY_LATER.contains(answer.status()) && pauses.mayTryAgain(host, tried)) {
                        pauseAlone(tried);
                    } else {
                        throw new UnusableSourceException(fetched.uri() + " answers " + answer.status()
                                + (MUST_BE_PUBLIC.contains(answer.status()) ? "; the picture must be public" : ""));
                    }
                } catch (BusyHostException e) {
                    tried--; // not the picture's fault
                } catch (FileFetch.TooLargeException e) {
                    throw new UnusableSourceException(tooLarge());
                } catch (ForbiddenUrlException e) {
                    throw new UnusableSourceException(e.url().orElse(url) + " " + e.getMessage());
                } catch (UnusableSourceException e) {
                    throw e;
                } catch (IOException e) {
                    if (e instanceof UnknownHostException || !pauses.mayTryAgain(host(url), tried)) {
                        throw new UnusableSourceException(url + " cannot be fetched: " + reason(e));
                    }
                    pauseAlone(tried);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static boolean isBusy(OutboundAnswer answer) {
        return answer.status() == 429
                || TRY_LATER.contains(answer.status())
                        && answer.header("Retry-After").isPresent();
    }

    /** Others of the same host may be well. */
    private static void pauseAlone(int tried) throws InterruptedException {
        Thread.sleep(1_000L << tried - 1);
    }

    private static Picture picture(OutboundAnswer answer, Path file, Optional<Known> known) throws IOException {
        String etag = answer.header("ETag").orElse(null);
        String modified = answer.header("Last-Modified").orElse(null);
        if (answer.status() == 304) {
            Files.deleteIfExists(file);
            Known before = known.orElseThrow();
            return new Picture(
                    null,
                    null,
                    etag == null ? before.etag() : etag,
                    modified == null ? before.lastModified() : modified,
                    false);
        }
        if (isPage(answer, file)) {
            throw new UnusableSourceException("answers with a web page instead of a picture, as where one has to log in"
                    + " or the picture is gone");
        }
        return new Picture(file, hash(file), etag, modified, true);
    }

    private static boolean isPage(OutboundAnswer answer, Path file) throws IOException {
        if (answer.header("Content-Type").orElse("").toLowerCase(Locale.ROOT).startsWith("text/html")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1)
                    .strip()
                    .toLowerCase(Locale.ROOT);
            return head.startsWith("<!doctype html") || head.startsWith("<html");
        }
    }

    private static Map<String, String> headers(Optional<Known> known) {
        Map<String, String> headers = new HashMap<>();
        headers.put("User-Agent", "vitrine");
        headers.put("Accept", "image/*, */*;q=0.5");
        known.map(Known::etag).ifPresent(etag -> headers.put("If-None-Match", etag));
        known.map(Known::lastModified).ifPresent(time -> headers.put("If-Modified-Since", time));
        return headers;
    }

    private static String host(String url) {
        try {
            return String.valueOf(URI.create(url).getAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "nobody knows the host";
        }
        if (e instanceof SocketTimeoutException) {
            return "it took longer than " + LIMIT.toSeconds() + " s";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static String hash(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
