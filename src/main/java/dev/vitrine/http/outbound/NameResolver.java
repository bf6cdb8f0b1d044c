package dev.vitrine.http.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Says which addresses a host has now. */
@FunctionalInterface
public interface NameResolver {
    /** This machine's. */
    NameResolver SYSTEM = InetAddress::getAllByName;

    /** @throws UnknownHostException where the host has none, or nobody can say */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
