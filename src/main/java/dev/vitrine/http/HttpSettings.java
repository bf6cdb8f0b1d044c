package dev.vitrine.http;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.util.List;

/**
 * Where HTTP listens.
 *
 * @param host a name or an address of this machine
 * @param port TCP port
 */
public record HttpSettings(String host, int port) {
    private static final Setting<String> HOST = Setting.text("VITRINE_HTTP_HOST", "127.0.0.1", "where HTTP listens");
    private static final Setting<Long> PORT = Setting.number("VITRINE_HTTP_PORT", 8080, 1, 65_535, "its port");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT);

    /** Reads an installation's settings. */
    public static HttpSettings read(SettingSource source) {
        return new HttpSettings(HOST.read(source), PORT.read(source).intValue());
    }

    /** Where the service answers, for a client on this machine. */
    public String url() {
        String here = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        return "http://" + (here.contains(":") ? "[" + here + "]" : here) + ":" + port;
    }
}
