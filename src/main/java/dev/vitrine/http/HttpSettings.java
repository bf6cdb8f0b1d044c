package dev.vitrine.http;

import dev.vitrine.http.limits.RateLimit;
import dev.vitrine.http.tls.TlsFiles;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where HTTP listens, and what it takes.
 *
 * @param host a name or an address of this machine
 * @param port TCP port
 * @param hosts the names that the service goes by besides those of this machine
 * @param corsOrigins whose pages may call from a browser
 * @param maxBodyBytes length of a body that is no form, at most
 * @param apiKey a key with all rights; null for none
 * @param keysFile where named keys are, if there is such a file
 * @param tls what HTTPS is served with; empty for plain HTTP
 * @param rateLimit how often a caller may ask; empty for as often as it likes
 */
public record HttpSettings(
        String host,
        int port,
        List<String> hosts,
        List<String> corsOrigins,
        long maxBodyBytes,
        String apiKey,
        Path keysFile,
        Optional<TlsFiles> tls,
        Optional<RateLimit> rateLimit) {
    private static final Setting<String> HOST = Setting.text("VITRINE_HTTP_HOST", "127.0.0.1", "where HTTP listens");
    private static final Setting<Long> PORT = Setting.number("VITRINE_HTTP_PORT", 8080, 1, 65_535, "its port");

    private static final Setting<List<String>> HOSTS = Setting.list(
            "VITRINE_HTTP_HOSTS",
            Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]"),
            "write host names without scheme and port, such as shop.example",
            "host names, between commas, that the service is asked by; others are answered with `403`."
                    + " Without them a service without keys takes the names of this machine, one with keys all names");

    private static final Setting<List<String>> CORS_ORIGINS = Setting.list(
            "VITRINE_CORS_ORIGINS",
            Pattern.compile("https?://([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?"),
            "write origins as a browser sends them, such as https://shop.example or http://localhost:3000:"
                    + " scheme, host and port, no path, no *",
            "origins, between commas, whose pages may call the service from a browser (CORS),"
                    + " such as `https://shop.example`");
    private static final Setting<Long> MAX_BODY = Setting.size(
            "VITRINE_MAX_BODY", "64KB", "largest body that is no form, such as JSON; it is kept in memory");

    private static final Pattern KEY = Pattern.compile("[!-~]{16,512}");
    private static final Setting<String> API_KEY = Setting.text(
                    "VITRINE_API_KEY",
                    null,
                    "a key with all rights, at least 16 characters; the commands send it. With it, or a keys file, every request"
                            + " needs a key, and without either the service listens on this machine alone")
            .secret();
    private static final Setting<String> KEYS_FILE = Setting.path(
            "VITRINE_KEYS_FILE", "./config/keys.json", "named keys with roles, made by `./vitrine key create`");

    private static final Setting<String> TLS_CERT = Setting.path(
            "VITRINE_TLS_CERT",
            null,
            "serve HTTPS (with HTTP/2) with this certificate: a PEM file, the service's own first, then its issuers'."
                    + " A renewed file is taken up within a minute");
    private static final Setting<String> TLS_KEY =
            Setting.path("VITRINE_TLS_KEY", null, "the certificate's private key: a PEM file, not encrypted");

    private static final Setting<String> RATE_LIMIT = Setting.text(
            "VITRINE_RATE_LIMIT",
            null,
            "how many requests a key may send, or an address without one, such as `600/min`, `10/s` or `5000/h`;"
                    + " beyond it the answer is `429`. Processes that share a Redis share it");

    /** All that is read here. */
    public static final List<Setting<?>> ALL =
            List.of(HOST, PORT, HOSTS, CORS_ORIGINS, MAX_BODY, API_KEY, KEYS_FILE, TLS_CERT, TLS_KEY, RATE_LIMIT);

    /** Reads an installation's settings. */
    public static HttpSettings read(SettingSource source, Path home) {
        String key = API_KEY.read(source);
        if (key != null && !KEY.matcher(key).matches()) {
            throw new InvalidSettingException("VITRINE_API_KEY must have 16 to 512 printable ASCII characters without"
                    + " spaces; openssl rand -hex 32 makes one");
        }
        return new HttpSettings(
                HOST.read(source),
                PORT.read(source).intValue(),
                HOSTS.read(source),
                CORS_ORIGINS.read(source),
                MAX_BODY.read(source),
                key,
                KEYS_FILE.read(source, home.resolve("config/keys.json")),
                tls(source),
                Optional.ofNullable(RATE_LIMIT.read(source)).map(text -> RateLimit.of(RATE_LIMIT.name(), text)));
    }

    /** Whether the service listens where only this machine reaches it. */
    boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.equals("[::1]") || host.startsWith("127.");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "HttpSettings[host=" + host + ", port=" + port + ", hosts=" + hosts + ", keysFile=" + keysFile + "]";
    }

    private static Optional<TlsFiles> tls(SettingSource source) {
        String certificate = TLS_CERT.read(source);
        String key = TLS_KEY.read(source);
        if (certificate == null && key == null) {
            return Optional.empty();
        }
        if (certificate == null || key == null) {
            throw new InvalidSettingException((certificate == null ? TLS_CERT : TLS_KEY).name()
                    + " is not set; HTTPS needs both VITRINE_TLS_CERT and VITRINE_TLS_KEY");
        }
        return Optional.of(new TlsFiles(TLS_CERT.read(source, null), TLS_KEY.read(source, null)));
    }

    /** Where the service answers, for a client on this machine. */
    public String url() {
        String here = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        return (tls.isPresent() ? "https://" : "http://") + (here.contains(":") ? "[" + here + "]" : here) + ":" + port;
    }
}
