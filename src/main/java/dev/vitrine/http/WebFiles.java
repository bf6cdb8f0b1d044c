package dev.vitrine.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

/**
 * The files of a page that is read in a browser: those that are listed, from the class path, and no others.
 */
public final class WebFiles {
    /** The name of the page itself. */
    public static final String PAGE = "";

    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** On the class path; read when they are asked for, as nobody does so twice. */
    private static final String SAMPLES = "/samples/";

    private static final Map<String, String> PICTURES =
            Map.of("jpg", "image/jpeg", "png", "image/png", "webp", "image/webp");

    /** What a proxy may have cut off the path: nothing that could be another host, markup or a way up. */
    private static final Pattern PREFIX = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+");

    /**
     * A file.
     *
     * @param resource where it is on the class path
     * @param mediaType with its charset
     */
    public record WebFile(String resource, String mediaType) {}

    private final Map<String, WebFile> files;
    private final String policy;
    private final boolean inFolder;
    private final Map<String, byte[]> read = new ConcurrentHashMap<>();

    /**
     * @param files by the name under which a browser asks for them; {@link #PAGE} is the page
     * @param policy the {@code Content-Security-Policy} of the page
     * @param inFolder whether the page's own address ends with a slash
     */
    public WebFiles(Map<String, WebFile> files, String policy, boolean inFolder) {
        this.files = Map.copyOf(files);
        this.policy = policy;
        this.inFolder = inFolder;
    }

    /** The page of the shop window, at the root, with its files in {@code web/}. */
    static WebFiles ofPage() {
        Map<String, WebFile> files = new HashMap<>();
        files.put(PAGE, new WebFile("/web/index.html", HTML));
        files.put("icon.svg", new WebFile("/web/icon.svg", "image/svg+xml"));
        for (String name : List.of("page.css", "views.css")) {
            files.put(name, new WebFile("/web/" + name, CSS));
        }
        for (String name : List.of(
                "add.js",
                "api.js",
                "app.js",
                "catalogue.js",
                "chart.js",
                "crop.js",
                "dom.js",
                "en.js",
                "find.js",
                "flow.js",
                "fr.js",
                "jobs.js",
                "live.js",
                "now.js",
                "strings.js",
                "uploads.js",
                "vitrine-search.js")) {
            files.put(name, new WebFile("/web/" + name, SCRIPT));
        }
        files.putAll(samples());
        String uplot = webjar("org.webjars.npm", "uplot") + "dist/";
        files.put("uplot.css", new WebFile(uplot + "uPlot.min.css", CSS));
        files.put("uplot.js", new WebFile(uplot + "uPlot.esm.js", SCRIPT));
        // Pictures that the user picks are shown from blob: addresses, which only the page itself can make.
        return new WebFiles(
                files,
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                true);
    }

    /** The sample catalogue that an empty shop is offered: its list, and its pictures. */
    private static Map<String, WebFile> samples() {
        Map<String, WebFile> files = new HashMap<>();
        files.put("samples.json", new WebFile(SAMPLES + "manifest.json", "application/json"));
        try {
            for (JsonNode sample : new ObjectMapper().readTree(load(SAMPLES + "manifest.json"))) {
                String name = sample.path("file").asText();
                String type = PICTURES.get(name.substring(name.lastIndexOf('.') + 1));
                files.put(name, new WebFile(SAMPLES + name, Objects.requireNonNull(type, name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The page that shows the description of the API, with Swagger UI. */
    static WebFiles ofApiDocs() {
        String own = "/openapi/docs/";
        String swagger = webjar("org.webjars", "swagger-ui");
        return new WebFiles(
                Map.of(
                        PAGE,
                        new WebFile(own + "index.html", HTML),
                        "docs.css",
                        new WebFile(own + "docs.css", CSS),
                        "docs.js",
                        new WebFile(own + "docs.js", SCRIPT),
                        "swagger-ui.css",
                        new WebFile(swagger + "swagger-ui.css", CSS),
                        "swagger-ui-bundle.js",
                        new WebFile(swagger + "swagger-ui-bundle.js", SCRIPT)),
                // Swagger UI's style sheet has its icons in data: addresses.
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                false);
    }

    /** The folder of a webjar's files, whatever its version. */
    private static String webjar(String group, String name) {
        String properties = "/META-INF/maven/" + group + "/" + name + "/pom.properties";
        try (InputStream in = Objects.requireNonNull(WebFiles.class.getResourceAsStream(properties), properties)) {
            Properties all = new Properties();
            all.load(in);
            return "/META-INF/resources/webjars/" + name + "/" + all.getProperty("version") + "/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Answers with a file. A page that is not in a folder ends without a slash, as its links are relative to it under any
     * prefix; who asks with one is sent there.
     *
     * @param name null for the page
     * @param prefix what a proxy in front cut off the path, to which the page's links are then relative; null for nothing
     * @param known the client's {@code If-None-Match}; null for none
     * @throws ProblemException 404 where it is not listed
     */
    public void serve(
            @Header("file") String name,
            @Header(Exchange.HTTP_PATH) String path,
            @Header("X-Forwarded-Prefix") String prefix,
            @Header("If-None-Match") String known,
            Exchange exchange) {
        WebFile file = files.get(name == null ? PAGE : name);
        if (file == null || PAGE.equals(name)) {
            throw ProblemException.notFound("There is no file " + name + " of this page.");
        }
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        if (!inFolder && path != null && path.endsWith("/")) {
            String[] folders = path.split("/");
            answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 308);
            answer.setHeader("Location", "../" + folders[folders.length - 1]);
            answer.setBody(null);
            return;
        }
        boolean isMoved = file.mediaType().equals(HTML) && isPrefix(prefix);
        byte[] content = isMoved ? below(prefix.strip(), bytes(file)) : bytes(file);
        String etag = etag(content);
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        answer.setHeader(
                "Content-Security-Policy", isMoved ? policy.replace("base-uri 'none'", "base-uri 'self'") : policy);
        answer.setHeader("Referrer-Policy", "no-referrer");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("Cache-Control", "no-cache"); // asked for each time, and sent when it has changed
        answer.setHeader("Vary", "X-Forwarded-Prefix");
        answer.setHeader("ETag", etag);
        if (known != null && known.contains(etag)) {
            answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            answer.setBody(null);
            return;
        }
        answer.setHeader(Exchange.CONTENT_TYPE, file.mediaType());
        answer.setBody(content);
    }

    private static boolean isPrefix(String prefix) {
        return prefix != null && PREFIX.matcher(prefix.strip()).matches();
    }

    /** The page, whose links lead below a prefix whether its own address ends with a slash or not. */
    private static byte[] below(String prefix, byte[] html) {
        String text = new String(html, StandardCharsets.UTF_8);
        return text.replaceFirst("<head>", "<head><base href=\"" + prefix + "/\" />")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String etag(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return "\"" + content.length + "-" + Long.toHexString(sum.getValue()) + "\"";
    }

    private byte[] bytes(WebFile file) {
        if (file.resource().startsWith(SAMPLES)) {
            return load(file.resource());
        }
        return read.computeIfAbsent(file.resource(), WebFiles::load);
    }

    private static byte[] load(String resource) {
        try (InputStream in = Objects.requireNonNull(WebFiles.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
