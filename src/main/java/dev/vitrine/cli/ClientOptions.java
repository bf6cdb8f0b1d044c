package dev.vitrine.cli;

import dev.vitrine.http.HttpSettings;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
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

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description =
                    "whom to trust over https, a PEM file; default is the service's own certificate, or with --url"
                            + " whom this machine trusts")
    private Path authorities;

    ServiceClient client() throws CommandFailedException {
        return client(Main.settings(Map.of()).http(), url, key, authorities);
    }

    /**
     * A client of a service.
     *
     * @param url null for the service of this installation
     * @param key null for the one that this installation has
     * @param authorities null for the service's own certificate, or with a URL whom this machine trusts
     */
    static ServiceClient client(HttpSettings http, String url, String key, Path authorities)
            throws CommandFailedException {
        String sent = key == null ? http.apiKey() : key;
        String asked = url == null ? http.url() : url.contains("://") ? url : "http://" + url;
        if (authorities != null) {
            return new ServiceClient(asked, sent, ServiceTrust.ofAuthorities(authorities));
        }
        return new ServiceClient(asked, sent, url == null ? trust(http) : null);
    }

    /** A client of the service of this installation. */
    static ServiceClient own(HttpSettings http) throws CommandFailedException {
        return new ServiceClient(http.url(), http.apiKey(), trust(http));
    }

    private static SSLContext trust(HttpSettings http) throws CommandFailedException {
        return http.tls().isPresent() ? ServiceTrust.ofOwn(http.tls().get().certificate()) : null;
    }
}
