package dev.vitrine.http.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate with its private key, checked: the key is that of the certificate, and each certificate of the file was
 * issued by the next.
 *
 * <p>Immutable.
 */
public final class ServerCertificate {
    private static final String ENCRYPTED = "ENCRYPTED";
    private static final byte[] SAMPLE = "vitrine".getBytes(StandardCharsets.US_ASCII);

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads what is in the files now.
     *
     * @throws UnusableCertificateException where it cannot be served
     */
    public static ServerCertificate read(TlsFiles files, Vertx vertx) throws UnusableCertificateException {
        byte[] certificatePem = bytes(files.certificate(), "VITRINE_TLS_CERT");
        byte[] keyPem = bytes(files.key(), "VITRINE_TLS_KEY");
        List<X509Certificate> chain = chain(files.certificate(), certificatePem);
        checkOrder(files.certificate(), chain);
        PrivateKey key = key(files, certificatePem, keyPem, vertx);
        if (!belongs(key, chain.get(0))) {
            throw mismatch(files, null);
        }
        return new ServerCertificate(chain, key);
    }

    /** When it ends. */
    public Instant end() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** Whether clients take it at a time, as far as its dates say. */
    public boolean isValid(Instant now) {
        return !now.isBefore(chain.get(0).getNotBefore().toInstant()) && now.isBefore(end());
    }

    /** What clients are shown, the service's own first. */
    X509Certificate[] chain() {
        return chain.toArray(X509Certificate[]::new);
    }

    PrivateKey key() {
        return key;
    }

    /** Whom it names, and until when it is valid. */
    @Override
    public String toString() {
        return chain.get(0).getSubjectX500Principal().getName() + ", valid until " + end();
    }

    private static byte[] bytes(Path file, String setting) throws UnusableCertificateException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnusableCertificateException("There is no file " + file + "; correct " + setting, e);
        } catch (IOException e) {
            throw new UnusableCertificateException(
                    "The file " + file + " (" + setting + ") cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(Path file, byte[] pem) throws UnusableCertificateException {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw new CertificateException("it has none");
            }
            return chain;
        } catch (CertificateException e) {
            throw new UnusableCertificateException(
                    "The file " + file + " has no readable certificates: it must be PEM, with whole blocks from"
                            + " -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
                    e);
        }
    }

    private static void checkOrder(Path file, List<X509Certificate> chain) throws UnusableCertificateException {
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new UnusableCertificateException(
                        "In " + file + " certificate " + i + " was not issued by certificate " + (i + 1)
                                + "; put the service's own first, then its issuer, then the issuer's",
                        e);
            }
        }
    }

    private static PrivateKey key(TlsFiles files, byte[] certificatePem, byte[] keyPem, Vertx vertx)
            throws UnusableCertificateException {
        String text = new String(keyPem, StandardCharsets.ISO_8859_1);
        if (text.contains(ENCRYPTED)) {
            throw new UnusableCertificateException(
                    "The key " + files.key() + " is encrypted; take the passphrase off it (openssl pkey -in OLD -out"
                            + " NEW) and let only the service read it",
                    null);
        }
        try {
            KeyManager[] managers = new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(certificatePem))
                    .setKeyValue(Buffer.buffer(keyPem))
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers();
            X509KeyManager manager = (X509KeyManager) managers[0];
            for (String type : List.of("RSA", "EC", "EdDSA", "Ed25519")) {
                String[] aliases = manager.getServerAliases(type, null);
                if (aliases != null && aliases.length > 0) {
                    return manager.getPrivateKey(aliases[0]);
                }
            }
            throw new GeneralSecurityException("a key of another type");
        } catch (IllegalArgumentException e) {
            throw mismatch(files, e); // keys of two kinds
        } catch (Exception e) { // the interface says no more of it
            throw new UnusableCertificateException(
                    "The key " + files.key()
                            + " cannot be read: it must be the PEM of an RSA or EC key that begins with"
                            + " -----BEGIN PRIVATE KEY-----",
                    e);
        }
    }

    private static UnusableCertificateException mismatch(TlsFiles files, Exception cause) {
        return new UnusableCertificateException(
                "The key " + files.key() + " is not that of the first certificate in " + files.certificate()
                        + "; give the two that were made together, the service's own certificate first",
                cause);
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(SAMPLE);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(SAMPLE);
            return verifier.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a certificate of another algorithm
        }
    }
}
