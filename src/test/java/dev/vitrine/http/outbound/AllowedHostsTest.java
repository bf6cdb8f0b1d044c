package dev.vitrine.http.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
    private static final NameResolver NAMES = host -> {
        String address = Map.of(
                        "shop.example", "93.184.216.34",
                        "inside.example", "10.0.0.5",
                        "loop.example", "127.0.0.1",
                        "localhost", "127.0.0.1",
                        "cloud.example", "169.254.169.254",
                        "six.example", "::ffff:192.168.1.1")
                .get(host);
        if (host.equals("both.example")) {
            return new InetAddress[] {InetAddress.getByName("10.0.0.5"), InetAddress.getByName("93.184.216.34")};
        }
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(address)};
    };

    private static AllowedHosts hosts(String... entries) {
        return new AllowedHosts("VITRINE_X", List.of(entries), NAMES);
    }

    private static void assertForbidden(AllowedHosts hosts, String url, String words) {
        assertThatThrownBy(() -> hosts.resolve(hosts.check(url)))
                .isInstanceOf(ForbiddenUrlException.class)
                .hasMessageContaining(words);
    }

    private static void assertAllowed(AllowedHosts hosts, String url) {
        assertThatCode(() -> hosts.resolve(hosts.check(url))).doesNotThrowAnyException();
    }

    @Test
    void allowsWhatIsListedAtThePortsThatAreListed() {
        AllowedHosts hosts = hosts("shop.example", "SHOP.example:8443");
        assertAllowed(hosts, "https://shop.EXAMPLE/a");
        assertAllowed(hosts, "http://shop.example:80/a");
        assertAllowed(hosts, " https://shop.example:8443/a?b ");
        assertForbidden(hosts, "https://shop.example:8080/a", "VITRINE_X does not list");
        assertForbidden(hosts, "https://other.example/", "VITRINE_X does not list");
        assertForbidden(hosts, "https://shop.example.evil.example/", "VITRINE_X does not list");
        assertForbidden(hosts(), "https://shop.example/", "VITRINE_X does not list");
        assertThat(hosts().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "ftp://shop.example/",
                "http:///a",
                "http://u:p@shop.example/",
                "http://shop.example:0/",
                "http://shop.example:65536/",
                "mailto:a@shop.example",
                "http://shop_.example:x/"
            })
    void refusesWhatIsNoPlainUrl(String url) {
        assertForbidden(hosts("shop.example", "*.example"), url, "is not a");
    }

    /** All of these are 127.0.0.1 to one program or another. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "127.0.0.01",
                "127.0.0.1.",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "0.0.0.0",
                "[::]",
                "169.254.169.254",
                "[fe80::1]",
                "[fd00::1]",
                "10.1.2.3",
                "172.31.0.1",
                "192.168.0.1",
                "100.64.0.1",
                "255.255.255.255",
                "224.0.0.1",
                "[ff02::1]"
            })
    void refusesAddressesInEveryNotation(String host) {
        assertForbidden(hosts("shop.example", "*.example"), "http://" + host + "/", "");
    }

    /** What a name leads to is up to its owner, so it does not get in by being listed. */
    @ParameterizedTest
    @ValueSource(strings = {"inside.example", "loop.example", "cloud.example", "six.example"})
    void refusesListedNamesThatLeadInside(String host) {
        assertForbidden(hosts("*.example"), "http://" + host + "/", "is not a public address");
        assertForbidden(hosts(host), "http://" + host + "/", "VITRINE_X must list it too");
    }

    @Test
    void allowsAddressesThatAreListedThemselves() {
        assertAllowed(hosts("inside.example", "10.0.0.0/8"), "http://inside.example/");
        assertAllowed(hosts("inside.example:81", "10.0.0.5"), "http://inside.example:81/");
        assertAllowed(hosts("inside.example:81", "10.0.0.5:81"), "http://inside.example:81/");
        assertAllowed(hosts("six.example", "192.168.1.1"), "http://six.example/");
        assertAllowed(hosts("127.0.0.1:81"), "http://127.0.0.1:81/");
        assertAllowed(hosts("127.0.0.1:81"), "http://[::ffff:127.0.0.1]:81/");
        assertAllowed(hosts("::1"), "http://[::1]/");
        assertAllowed(hosts("[::1]:81"), "http://[::1]:81/");
        assertAllowed(hosts("fd00::/8"), "https://[fd00::1]/");
        assertAllowed(hosts("93.184.216.34"), "https://93.184.216.34/");
        assertForbidden(hosts("inside.example", "10.0.0.6"), "http://inside.example/", "10.0.0.5");
        assertForbidden(hosts("inside.example:81", "inside.example", "10.0.0.5:81"), "http://inside.example/", "10.0");
        assertForbidden(hosts("127.0.0.1:81"), "http://127.0.0.1:82/", "does not list");
        assertForbidden(hosts("127.0.0.1"), "http://127.0.0.1:82/", "does not list");
        assertForbidden(hosts("10.0.0.5"), "http://inside.example/", "does not list");
    }

    @Test
    void localhostStandsForItsAddresses() {
        assertAllowed(hosts("localhost:81"), "http://localhost:81/");
        assertForbidden(hosts("localhost:81", "loop.example"), "http://loop.example/", "127.0.0.1");
    }

    @Test
    void connectsToAddressesThatPassedAlone() throws Exception {
        assertThat(hosts("both.example")
                        .resolve(URI.create("http://both.example/"))
                        .addresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("93.184.216.34");
    }

    @Test
    void tellsAHostThatNobodyKnowsFromOneThatIsForbidden() {
        assertThatThrownBy(() -> hosts("*.example").resolve(URI.create("http://gone.example/")))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void publicAddressesArePublic() throws Exception {
        for (String address : List.of("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "172.32.0.1", "100.128.0.1")) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
    }
}
