package dev.vitrine.http.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses with a common beginning, such as {@code 10.0.0.0/8} or {@code fd00::/8}; one address is a block of one. */
final class AddressBlock {
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern BLOCK = Pattern.compile("([^/]+)/(\\d{1,3})");

    private final byte[] prefix;
    private final int bits;

    private AddressBlock(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Reads a block or an address as {@link #address} does; empty for any other text. */
    static Optional<AddressBlock> parse(String text) {
        Matcher block = BLOCK.matcher(text);
        if (!block.matches()) {
            return address(text).map(one -> new AddressBlock(one.getAddress(), one.getAddress().length * 8));
        }
        int bits = Integer.parseInt(block.group(2));
        return address(block.group(1))
                .filter(first -> bits <= first.getAddress().length * 8)
                .map(first -> new AddressBlock(first.getAddress(), bits));
    }

    /** A block that is written in this code. */
    static AddressBlock of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no block of addresses"));
    }

    /**
     * Reads an address without asking anybody: four decimal numbers without leading zeros, or IPv6, also between
     * brackets. An IPv4 address that is written as IPv6 ({@code ::ffff:127.0.0.1}) is the IPv4 address.
     */
    static Optional<InetAddress> address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        if (!IPV6.matcher(bare).matches() && (bracketed || !IPV4.matcher(bare).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare)); // asks no server for what is an address
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((bytes[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
