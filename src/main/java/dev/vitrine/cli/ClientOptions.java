package dev.vitrine.cli;

import dev.vitrine.http.HttpSettings;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that asks a running service. */
final class ClientOptions {
    @Option(names = "--url", paramLabel = "URL", description = "the service; default is what the configuration says")
    private String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the key to send; default is VITRINE_API_KEY of the environment or the configuration")
    private String key;

    ServiceClient client() {
        HttpSettings http = Main.settings(Map.of()).http();
        String sent = key == null ? http.apiKey() : key;
        if (url == null) {
            return new ServiceClient(http.url(), sent);
        }
        return new ServiceClient(url.contains("://") ? url : "http://" + url, sent);
    }
}
