package dev.vitrine.http.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses of the public internet from those of this machine, of networks behind it and of special purposes, after
 * the registries of RFC 6890. What wraps an IPv4 address into IPv6 counts as that address or is not public at all.
 */
final class PublicAddresses {
    private static final List<AddressBlock> SPECIAL = Stream.of(
                    "0.0.0.0/8", // this host
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // behind a provider's translation
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, and where clouds give away credentials
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // relays of 6to4
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4", // reserved, broadcast
                    "2001::/23", // protocol assignments, Teredo
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "3fff::/20") // documentation
            .map(AddressBlock::of)
            .toList();
    private static final AddressBlock GLOBAL_IPV6 = AddressBlock.of("2000::/3");
    private static final AddressBlock TRANSLATED = AddressBlock.of("64:ff9b::/96"); // NAT64, RFC 6052

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        if (TRANSLATED.contains(address)) {
            return isPublic(last32Bits(address));
        }
        if (address instanceof Inet6Address && !GLOBAL_IPV6.contains(address)) {
            return false;
        }
        return SPECIAL.stream().noneMatch(block -> block.contains(address));
    }

    private static InetAddress last32Bits(InetAddress address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }
}
