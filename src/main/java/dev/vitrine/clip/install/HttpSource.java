package dev.vitrine.clip.install;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches files over HTTP. A download that was cut goes on where it stopped, in this run or a later one, provided the
 * server can (RFC 9110, section 14) and still has the same file, which its ETag and length tell.
 */
public final class HttpSource implements ModelSource {

    /** The hub of models where {@code HF_ENDPOINT} names no other. */
    public static final URI HUB = URI.create("https://huggingface.co");

    private static final int REDIRECTS = 10;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");

    /** Says where a file is. */
    @FunctionalInterface
    interface Layout {
        URI locate(CatalogueModel model, CatalogueFile file);
    }

    /**
     * How patient a download is.
     *
     * @param stall how long no byte may come before the connection counts as lost
     * @param tries how often in a row a connection may be lost without a byte in between
     * @param pause before the second try; doubled for each further one
     */
    record Patience(Duration stall, int tries, Duration pause) {
        static final Patience DEFAULT = new Patience(Duration.ofSeconds(60), 5, Duration.ofSeconds(1));
    }

    private final Layout layout;
    private final URI tokenHost;
    private final Optional<String> token;
    private final Patience patience;
    private final EnvironmentProxies proxies;
    private final HttpClient client;

    private HttpSource(
            Layout layout, URI tokenHost, Optional<String> token, Map<String, String> environment, Patience patience) {
        this.layout = layout;
        this.tokenHost = tokenHost;
        this.token = token;
        this.patience = patience;
        this.proxies = new EnvironmentProxies(environment);
        proxies.allowAuthorization();
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NEVER) // followed here, so that the token stays with its host
                .proxy(proxies)
                .build();
    }

    /**
     * The model hub: {@code HF_ENDPOINT} where it is set, with {@code HF_TOKEN} where it is set. The token goes to that
     * host alone, not to one that it redirects to.
     *
     * @param environment also names the proxies
     */
    public static HttpSource hub(Map<String, String> environment) {
        return hub(environment, Patience.DEFAULT);
    }

    static HttpSource hub(Map<String, String> environment, Patience patience) {
        String given = environment.getOrDefault("HF_ENDPOINT", "");
        URI endpoint = given.isBlank() ? HUB : address(given, "HF_ENDPOINT");
        Optional<String> token =
                Optional.ofNullable(environment.get("HF_TOKEN")).filter(t -> !t.isBlank());
        return new HttpSource(
                (model, file) -> URI.create(
                        folder(endpoint) + model.repository() + "/resolve/" + model.revision() + "/" + file.file()),
                endpoint,
                token,
                environment,
                patience);
    }

    /**
     * A mirror: any web server that has the model's files in one folder, as the repository has them.
     *
     * @param folder its address
     * @param environment names the proxies
     */
    public static HttpSource mirror(String folder, Map<String, String> environment) {
        return mirror(folder, environment, Patience.DEFAULT);
    }

    static HttpSource mirror(String folder, Map<String, String> environment, Patience patience) {
        URI base = address(folder, "--from");
        return new HttpSource(
                (model, file) -> URI.create(folder(base) + file.file()), base, Optional.empty(), environment, patience);
    }

    private static URI address(String value, String what) {
        try {
            URI address = URI.create(value.strip());
            if (address.getHost() != null && address.getScheme().matches("https?")) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new InstallException(what + " is not a URL: " + value, e);
        }
        throw new InstallException(what + " is not a URL such as https://models.example: " + value);
    }

    private static String folder(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? text : text + "/";
    }

    @Override
    public void fetch(CatalogueModel model, CatalogueFile file, Path part, InstallProgress progress)
            throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            long before = length(part);
            try {
                attempt(model, file, part, progress);
                return;
            } catch (CutException e) {
                failures = length(part) > before ? 1 : failures + 1;
                if (failures >= patience.tries()) {
                    throw new InstallException(
                            file.file() + " stopped at " + length(part) + " bytes (" + e.getMessage()
                                    + "); run the same command again to go on from there, or take the files from elsewhere with --from",
                            e);
                }
                Duration pause = patience.pause().multipliedBy(1L << (failures - 1));
                progress.note(
                        file.file() + ": " + e.getMessage() + "; going on in " + pause.toMillis() / 1000.0 + " s");
                Thread.sleep(pause.toMillis());
            }
        }
    }

    private void attempt(CatalogueModel model, CatalogueFile file, Path part, InstallProgress progress)
            throws IOException, InterruptedException, CutException {
        long have = length(part);
        if (file.bytes().isPresent() && have >= file.bytes().getAsLong()) {
            if (have == file.bytes().getAsLong()) {
                return;
            }
            forget(part);
            have = 0;
        }
        HttpResponse<InputStream> response = request(layout.locate(model, file), have, part);
        try (InputStream body = response.body()) {
            OptionalLong total;
            switch (response.statusCode()) {
                case 200 -> {
                    have = 0;
                    total = response.headers().firstValueAsLong("Content-Length");
                }
                case 206 -> {
                    total = resumed(response, have);
                    if (total.isEmpty()) {
                        forget(part);
                        throw new CutException("the server went on at the wrong place, so it starts anew", null);
                    }
                }
                case 416 -> {
                    forget(part);
                    throw new CutException("the file has changed, so it starts anew", null);
                }
                default -> throw refused(response, file);
            }
            if (file.bytes().isPresent() && total.isPresent() && !total.equals(file.bytes())) {
                throw new InstallException(file.file() + " has " + total.getAsLong() + " bytes at "
                        + response.uri().getHost() + " where the catalogue says "
                        + file.bytes().getAsLong()
                        + ": it is another file. Correct models/catalogue.yaml if you trust it");
            }
            rememberTag(response, part);
            copy(body, part, have, file, total.orElse(file.bytes().orElse(0)), progress);
            if (total.isPresent() && length(part) != total.getAsLong()) {
                throw new CutException("the connection was closed early", null);
            }
        }
    }

    private HttpResponse<InputStream> request(URI start, long have, Path part)
            throws IOException, InterruptedException, CutException {
        URI uri = start;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(patience.stall()).header("User-Agent", "vitrine");
            if (have > 0) {
                request.header("Range", "bytes=" + have + "-");
                tag(part).ifPresent(tag -> request.header("If-Range", tag));
            }
            if (token.isPresent() && isSameOrigin(uri, tokenHost)) {
                request.header("Authorization", "Bearer " + token.get());
            }
            proxies.authorization(uri).ifPresent(user -> request.header("Proxy-Authorization", user));
            HttpResponse<InputStream> response;
            try {
                response = client.send(request.build(), BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new CutException(uri.getHost() + " cannot be reached: " + reason(e), e);
            }
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                return response;
            }
            response.body().close();
            URI next = uri.resolve(location.get());
            if (uri.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                throw new InstallException(uri.getHost() + " redirects to " + next + ", which is not encrypted");
            }
            uri = next;
        }
        throw new InstallException(start + " redirects in a circle");
    }

    private static boolean isSameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && a.getPort() == b.getPort();
    }

    private static String reason(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no host of this name is known";
            }
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** The length of the whole file where the answer begins at the byte that is asked for. */
    private static OptionalLong resumed(HttpResponse<?> response, long have) {
        Matcher range = CONTENT_RANGE.matcher(
                response.headers().firstValue("Content-Range").orElse(""));
        return range.matches() && Long.parseLong(range.group(1)) == have
                ? OptionalLong.of(Long.parseLong(range.group(2)))
                : OptionalLong.empty();
    }

    private static InstallException refused(HttpResponse<?> response, CatalogueFile file) throws CutException {
        int status = response.statusCode();
        String host = response.uri().getHost();
        if (status == 408 || status == 429 || status >= 500) {
            throw new CutException(host + " is busy (status " + status + ")", null);
        }
        return switch (status) {
            case 401, 403 ->
                new InstallException(host + " asks who is there (status " + status + ") for " + file.file()
                        + "; set HF_TOKEN to an access token that may read it");
            case 404, 410 ->
                new InstallException(host + " has no " + response.uri().getPath()
                        + "; check the repository, revision and file in models/catalogue.yaml");
            case 407 -> new InstallException("The proxy asks who is there; put user:password@ into HTTPS_PROXY");
            default -> new InstallException(host + " answered status " + status + " for " + file.file());
        };
    }

    private void copy(InputStream body, Path part, long have, CatalogueFile file, long total, InstallProgress progress)
            throws IOException, CutException {
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                StallGuard guard = new StallGuard(body, patience.stall())) {
            out.truncate(have).position(have);
            byte[] buffer = new byte[1 << 16];
            long done = have;
            progress.received(file.saveAs(), done, total);
            for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                done += n;
                guard.moved();
                if (done > file.bytes().orElse(Long.MAX_VALUE)) {
                    throw new InstallException(
                            file.file() + " goes on after the "
                                    + file.bytes().getAsLong()
                                    + " bytes that the catalogue says: it is another file. Correct models/catalogue.yaml if you trust it");
                }
                progress.received(file.saveAs(), done, total);
            }
            out.force(true);
            guard.check();
        }
    }

    private static int read(InputStream body, byte[] buffer) throws CutException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new CutException("the connection was lost: " + reason(e), e);
        }
    }

    private static long length(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private static Path tagFile(Path part) {
        return part.resolveSibling(part.getFileName() + ".etag");
    }

    private static Optional<String> tag(Path part) throws IOException {
        Path file = tagFile(part);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** A weak tag says "nearly the same", which is not enough to go on in the middle. */
    private static void rememberTag(HttpResponse<?> response, Path part) throws IOException {
        Optional<String> tag = response.headers().firstValue("ETag").filter(value -> value.startsWith("\""));
        if (tag.isPresent()) {
            Files.writeString(tagFile(part), tag.get());
        } else {
            Files.deleteIfExists(tagFile(part));
        }
    }

    /** Deletes what an unfinished download left. */
    static void forget(Path part) throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(tagFile(part));
    }
}
