package dev.vitrine.http.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificate that the next handshake gets. Each has an alias of its own, so that a handshake that began with one ends
 * with the same: it asks for certificate and key one after the other. Vert.x's own {@code updateSSLOptions} drops the
 * connections that are opened while it works (4.5.22).
 *
 * <p>Thread-safe.
 */
final class ServedKey extends X509ExtendedKeyManager {
    private final AtomicLong count = new AtomicLong();
    private final Map<String, ServerCertificate> known = new ConcurrentHashMap<>();
    private volatile String current;

    ServedKey(ServerCertificate first) {
        serve(first);
    }

    /** Gives this one to every handshake that begins from now on. */
    void serve(ServerCertificate next) {
        String before = current;
        String alias = Long.toString(count.incrementAndGet());
        known.put(alias, next);
        current = alias;
        known.keySet().removeIf(old -> !old.equals(alias) && !old.equals(before));
    }

    /** The one that the next handshake gets. */
    ServerCertificate certificate() {
        return known.get(current);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        String alias = current;
        return known.get(alias).key().getAlgorithm().equals(keyType) ? alias : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        ServerCertificate certificate = known.get(alias);
        return certificate == null ? null : certificate.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        ServerCertificate certificate = known.get(alias);
        return certificate == null ? null : certificate.key();
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {current};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
