package dev.vitrine.http.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts that may be asked, as an operator listed them. A listed name leads to public addresses only, as whoever owns
 * the name decides what it leads to; an address of this machine or of a network behind it must be listed itself.
 *
 * <p>An entry is {@code name}; {@code *.name} for every host below it; an address; or a block of addresses such as
 * {@code 10.0.0.0/8}. Each may end with {@code :port}; without it a name stands for the ports 80 and 443. The name
 * {@code localhost} stands for the loopback addresses too.
 */
public final class AllowedHosts {
    /** How an entry is written. */
    public static final Pattern ENTRY = Pattern.compile(
            "(?:(?:\\*\\.)?[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+|\\[[0-9A-Fa-f:.]+])(?:/\\d{1,3})?(?::\\d{1,5})?");

    /** What to tell whoever wrote one otherwise. */
    public static final String ENTRY_RULE =
            "write a name, *.name, an address or a block such as 10.0.0.0/8, with :port where it is not 80 or 443";

    private static final Pattern WITH_PORT = Pattern.compile("(.*[^:]):(\\d{1,5})");
    private static final Pattern NUMBER_AT_END = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)\\.?");
    private static final List<AddressBlock> LOOPBACK = List.of(AddressBlock.of("127.0.0.0/8"), AddressBlock.of("::1"));

    /** Addresses that need not be public; any port where it is empty. */
    private record AddressEntry(AddressBlock block, String port) {}

    private final String setting;
    private final NameResolver resolver;
    private final boolean isEveryPublic;
    private final List<String> entries;
    private final List<String> names = new ArrayList<>();
    private final List<AddressEntry> addresses = new ArrayList<>();

    /**
     * @param setting the variable that lists them, for messages
     * @param entries as above; none allows nothing
     */
    public AllowedHosts(String setting, List<String> entries, NameResolver resolver) {
        this(setting, entries, resolver, false);
    }

    private AllowedHosts(String setting, List<String> entries, NameResolver resolver, boolean isEveryPublic) {
        this.setting = setting;
        this.resolver = resolver;
        this.isEveryPublic = isEveryPublic;
        this.entries = List.copyOf(entries);
        entries.forEach(entry -> add(entry.toLowerCase(Locale.ROOT)));
    }

    /** These hosts and every one with a public address. */
    public AllowedHosts andEveryPublic() {
        return new AllowedHosts(setting, entries, resolver, true);
    }

    /**
     * Every host with a public address, and those that are listed. For who asks on behalf of nobody else.
     *
     * @param setting the option that lists more, for messages
     */
    public static AllowedHosts everyPublic(String setting, List<String> entries, NameResolver resolver) {
        return new AllowedHosts(setting, entries, resolver, true);
    }

    private void add(String entry) {
        Optional<AddressBlock> whole = AddressBlock.parse(entry);
        if (whole.isPresent()) {
            addresses.add(new AddressEntry(whole.get(), ""));
            return;
        }
        Matcher ported = WITH_PORT.matcher(entry);
        String host = ported.matches() ? ported.group(1) : entry;
        String port = ported.matches() ? ":" + ported.group(2) : "";
        Optional<AddressBlock> block = AddressBlock.parse(host);
        if (block.isPresent()) {
            addresses.add(new AddressEntry(block.get(), port));
            return;
        }
        names.add(host + usual(port));
        if (host.equals("localhost")) {
            LOOPBACK.forEach(loopback -> addresses.add(new AddressEntry(loopback, port)));
        }
    }

    /** Whether no host is listed. */
    public boolean isEmpty() {
        return !isEveryPublic && names.isEmpty() && addresses.isEmpty();
    }

    /**
     * Reads a URL and checks what it says, without asking anybody for the host's addresses.
     *
     * @throws ForbiddenUrlException where it is no plain http or https URL of a host that is listed
     */
    public URI check(String url) {
        try {
            return check(new URI(url == null ? "" : url.strip()));
        } catch (URISyntaxException e) {
            throw new ForbiddenUrlException("is not a URL");
        }
    }

    /** As {@link #check(String)}. */
    public URI check(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")
                || uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getPort() == 0
                || uri.getPort() > 65_535) {
            throw new ForbiddenUrlException("is not a plain http or https URL");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String port = uri.getPort() < 0 ? "" : usual(":" + uri.getPort());
        Optional<InetAddress> address = AddressBlock.address(host);
        if (address.isEmpty() && NUMBER_AT_END.matcher(host).matches()) {
            throw new ForbiddenUrlException("has a number for a host; write an address as 192.0.2.1 or [2001:db8::1]");
        }
        boolean listed = isEveryPublic
                || (address.isPresent()
                        ? addresses.stream()
                                .anyMatch(entry -> usual(entry.port()).equals(port)
                                        && entry.block().contains(address.get()))
                        : names.contains(host + port) || isBelowOne(host, port));
        if (!listed) {
            throw new ForbiddenUrlException("is on a host that " + setting + " does not list");
        }
        return uri;
    }

    /**
     * Checks a URL and the addresses of its host.
     *
     * @throws ForbiddenUrlException where the URL is not allowed, or its host leads to no address that is
     * @throws UnknownHostException where nobody knows the host, now
     */
    Destination resolve(URI uri) throws UnknownHostException {
        check(uri);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        Optional<InetAddress> literal = AddressBlock.address(host);
        InetAddress[] found = literal.isPresent() ? new InetAddress[] {literal.get()} : resolver.resolve(host);
        Destination all = new Destination(uri, List.of(found));
        List<InetAddress> allowed = Arrays.stream(found)
                .filter(address -> isAllowed(address, ":" + all.port()))
                .toList();
        if (allowed.isEmpty()) {
            throw new ForbiddenUrlException("leads to " + (found.length == 0 ? "nowhere" : found[0].getHostAddress())
                    + ", which is not a public address; where that is meant, " + setting + " must list it too");
        }
        return new Destination(uri, allowed);
    }

    private boolean isAllowed(InetAddress address, String port) {
        return PublicAddresses.isPublic(address)
                || addresses.stream()
                        .anyMatch(
                                entry -> (entry.port().isEmpty() || entry.port().equals(port))
                                        && entry.block().contains(address));
    }

    private boolean isBelowOne(String host, String port) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (names.contains("*" + host.substring(dot) + port)) {
                return true;
            }
        }
        return false;
    }

    private static String usual(String port) {
        return port.equals(":80") || port.equals(":443") ? "" : port;
    }
}
