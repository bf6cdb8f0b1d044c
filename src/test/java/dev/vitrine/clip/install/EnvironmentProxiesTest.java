package dev.vitrine.clip.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxiesTest {

    @Test
    void choosesTheProxyByScheme() {
        Map<String, String> environment =
                Map.of("HTTPS_PROXY", "http://secure.example:3128", "http_proxy", "plain.example");
        assertThat(proxy(environment, "https://hub.example/x")).isEqualTo("secure.example:3128");
        assertThat(proxy(environment, "http://hub.example/x")).isEqualTo("plain.example:80");
    }

    @Test
    void goesStraightWithoutAProxy() {
        assertThat(proxy(Map.of("HTTPS_PROXY", " "), "https://hub.example/x")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "*, none",
        "hub.example, none",
        "example, none",
        ".example, none",
        "'other.org, HUB.example', none",
        "hub.example:443, none",
        "hub.example:8443, proxy.example:3128",
        "ub.example, proxy.example:3128",
        "other.org, proxy.example:3128",
        "'', proxy.example:3128"
    })
    void exceptsTheHostsOfNoProxy(String exceptions, String expected) {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy.example:3128", "NO_PROXY", exceptions);
        assertThat(proxy(environment, "https://hub.example/x")).isEqualTo(expected);
    }

    @Test
    void namesTheVariableThatIsNoUrl() {
        assertThatThrownBy(() -> proxy(Map.of("HTTPS_PROXY", "http://"), "https://hub.example/x"))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("HTTPS_PROXY");
    }

    private static String proxy(Map<String, String> environment, String target) {
        Proxy proxy =
                new EnvironmentProxies(environment).select(URI.create(target)).get(0);
        if (proxy.type() == Proxy.Type.DIRECT) {
            return "none";
        }
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        return address.getHostString() + ":" + address.getPort();
    }
}
