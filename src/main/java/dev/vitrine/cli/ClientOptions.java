package dev.vitrine.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that asks a running service. */
final class ClientOptions {
    @Option(names = "--url", paramLabel = "URL", description = "the service; default is what the configuration says")
    private String url;

    ServiceClient client() {
        if (url == null) {
            return new ServiceClient(Main.settings(Map.of()).http().url());
        }
        return new ServiceClient(url.contains("://") ? url : "http://" + url);
    }
}
