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
    private static final int MOST_TRIES = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Set<Integer> TRY_LATER = Set.of(408, 425, 429, 500, 502, 503, 504);
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
                pauses.await(host(url));
                try {
                    FileFetch.Fetched fetched = fetch.fetch(url, headers(known), file, maxBytes, LIMIT);
                    int status = fetched.answer().status();
                    if (status == 200 || status == 304 && known.isPresent()) {
                        return picture(fetched.answer(), file, known);
                    }
                    if (!TRY_LATER.contains(status) || tried == MOST_TRIES) {
                        throw new UnusableSourceException(fetched.uri() + " answers " + status
                                + (status == 401 || status == 403 ? "; the picture must be public" : ""));
                    }
                    pauses.pause(host(url), fetched.answer().header("Retry-After"), tried);
                } catch (BusyHostException e) {
                    tried--; // not the picture's fault
                } catch (FileFetch.TooLargeException e) {
                    throw new UnusableSourceException(tooLarge());
                } catch (ForbiddenUrlException e) {
                    throw new UnusableSourceException(e.url().orElse(url) + " " + e.getMessage());
                } catch (UnusableSourceException e) {
                    throw e;
                } catch (IOException e) {
                    if (tried == MOST_TRIES || e instanceof UnknownHostException) {
                        throw new UnusableSourceException(url + " cannot be fetched: " + reason(e));
                    }
                    pauses.pause(host(url), Optional.empty(), tried);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
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
