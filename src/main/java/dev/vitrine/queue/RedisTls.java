package dev.vitrine.queue;

import dev.vitrine.settings.InvalidSettingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The PEM files of TLS with Redis.
 *
 * @param authorities certificates of those who may issue Redis'; empty for those that Java knows
 * @param certificate what this service shows, its own first; empty for none
 * @param key the certificate's private key, not encrypted
 */
public record RedisTls(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {

    /** Nothing of one's own. */
    static final RedisTls NONE = new RedisTls(Optional.empty(), Optional.empty(), Optional.empty());

    static final String CA = "VITRINE_REDIS_CA";
    static final String CERT = "VITRINE_REDIS_CERT";
    static final String KEY = "VITRINE_REDIS_KEY";

    private static final char[] NO_PASSWORD = {};
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    /** Whether any file is named. */
    boolean isEmpty() {
        return authorities.isEmpty() && certificate.isEmpty() && key.isEmpty();
    }

    /**
     * Makes sockets by what is in the files now.
     *
     * @throws InvalidSettingException where they cannot be used; its message says why
     */
    SSLSocketFactory sockets() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown(), trusted(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS with Redis cannot be set up: " + e.getMessage(), e);
        }
    }

    private TrustManager[] trusted() throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore anchors = store();
        for (Certificate one : certificates(authorities.get(), CA)) {
            anchors.setCertificateEntry(Integer.toString(anchors.size()), one);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    private KeyManager[] shown() throws GeneralSecurityException, IOException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        KeyStore own = store();
        Collection<? extends Certificate> chain = certificates(certificate.get(), CERT);
        PrivateKey secret = privateKey(key.get());
        try {
            own.setKeyEntry("redis", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
        } catch (IllegalArgumentException e) { // a key of another algorithm
            throw new InvalidSettingException("The key in " + key.get() + " is not that of " + certificate.get()
                    + "; give the two that were made together");
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file, String setting) {
        try {
            var found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(file, setting)));
            if (found.isEmpty()) {
                throw new CertificateException("it has none");
            }
            return found;
        } catch (CertificateException e) {
            throw new InvalidSettingException("The file " + file + " (" + setting + ") has no readable certificates: it"
                    + " must be PEM, with whole blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----");
        }
    }

    private static PrivateKey privateKey(Path file) {
        Matcher block = PKCS8.matcher(new String(bytes(file, KEY), StandardCharsets.ISO_8859_1));
        if (block.find()) {
            for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
                try {
                    byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    // of another kind, or none, which is said below
                }
            }
        }
        throw new InvalidSettingException("The key " + file + " (" + KEY + ") cannot be read: it must be the PEM of an"
                + " RSA or EC key that begins with -----BEGIN PRIVATE KEY-----, without a passphrase"
                + " (openssl pkey -in OLD -out NEW makes one)");
    }

    private static byte[] bytes(Path file, String setting) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new InvalidSettingException("There is no file " + file + "; correct " + setting);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "The file " + file + " (" + setting + ") cannot be read: " + e.getMessage());
        }
    }
}
