package dev.vitrine.clip.install;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies as the environment names them: {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, or in lower case.
 * An entry of {@code NO_PROXY} is a host, a domain with or without a leading dot (its hosts are meant too), either with a
 * port or without, or {@code *} for all.
 */
final class EnvironmentProxies extends ProxySelector {

    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI target) {
        Optional<URI> proxy = proxy(target.getScheme());
        if (proxy.isEmpty() || isExcepted(target)) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.get().getHost(), port(proxy.get()))));
    }

    /** The {@code Proxy-Authorization} for a request where the proxy's URL has a user and password. */
    Optional<String> authorization(URI target) {
        return proxy(target.getScheme())
                .filter(proxy -> !isExcepted(target))
                .map(URI::getUserInfo)
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Lets the user and password reach a proxy of HTTPS connections: Java withholds them from tunnels unless this system
     * property, which it reads once, says otherwise.
     */
    void allowAuthorization() {
        boolean hasUser = Stream.of("https", "http")
                .flatMap(scheme -> proxy(scheme).stream())
                .anyMatch(proxy -> proxy.getUserInfo() != null);
        if (hasUser && System.getProperty(TUNNELING) == null) {
            System.setProperty(TUNNELING, "");
        }
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
        // The request fails with the same exception.
    }

    private Optional<URI> proxy(String scheme) {
        String variable = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
        return value(variable).map(address -> {
            try {
                URI proxy = URI.create(address.contains("://") ? address : "http://" + address);
                if (proxy.getHost() != null) {
                    return proxy;
                }
            } catch (IllegalArgumentException e) {
                throw new InstallException(variable + " is not a URL", e);
            }
            throw new InstallException(variable + " is not a URL such as http://proxy.example:3128");
        });
    }

    private static int port(URI proxy) {
        return proxy.getPort() < 0 ? 80 : proxy.getPort();
    }

    private boolean isExcepted(URI target) {
        String host = target.getHost().toLowerCase(Locale.ROOT);
        int port = target.getPort() >= 0 ? target.getPort() : target.getScheme().equals("https") ? 443 : 80;
        return Stream.of(value("NO_PROXY").orElse("").split(","))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.endsWith(":" + port) ? entry.substring(0, entry.lastIndexOf(':')) : entry)
                .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
                .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
    }

    private Optional<String> value(String variable) {
        return Stream.of(variable, variable.toLowerCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }
}
