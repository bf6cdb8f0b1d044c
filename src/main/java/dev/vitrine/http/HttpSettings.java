package dev.vitrine.http;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where HTTP listens, and what it takes.
 *
 * @param host a name or an address of this machine
 * @param port TCP port
 * @param hosts the names that the service goes by besides those of this machine
 * @param maxBodyBytes length of a body that is no form, at most
 */
public record HttpSettings(String host, int port, List<String> hosts, long maxBodyBytes) {
    private static final Setting<String> HOST = Setting.text("VITRINE_HTTP_HOST", "127.0.0.1", "where HTTP listens");
    private static final Setting<Long> PORT = Setting.number("VITRINE_HTTP_PORT", 8080, 1, 65_535, "its port");

    private static final Setting<List<String>> HOSTS = Setting.list(
            "VITRINE_HTTP_HOSTS",
            Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]"),
            "write host names without scheme and port, such as shop.example",
            "host names, between commas, that the service is asked by; others are answered with `403`."
                    + " Without them a service on the loopback address takes the names of this machine, any other all names");
    private static final Setting<Long> MAX_BODY = Setting.size(
            "VITRINE_MAX_BODY", "64KB", "largest body that is no form, such as JSON; it is kept in memory");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT, HOSTS, MAX_BODY);

    /** Reads an installation's settings. */
    public static HttpSettings read(SettingSource source) {
        return new HttpSettings(
                HOST.read(source), PORT.read(source).intValue(), HOSTS.read(source), MAX_BODY.read(source));
    }

    /** Where the service answers, for a client on this machine. */
    public String url() {
        String here = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        return "http://" + (here.contains(":") ? "[" + here + "]" : here) + ":" + port;
    }
}
