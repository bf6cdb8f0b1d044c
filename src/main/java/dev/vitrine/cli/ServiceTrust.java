package dev.vitrine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom the commands take for the service over HTTPS: who shows a certificate that is in a file, or was issued by one that is.
 * Of the service of this installation the file is its own certificate, and no name is compared, as the certificate names the
 * shop's host and the commands ask this machine.
 */
final class ServiceTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager anchored;
    private final boolean anyName;

    private ServiceTrust(X509ExtendedTrustManager anchored, boolean anyName) {
        this.anchored = anchored;
        this.anyName = anyName;
    }

    /** For the service of this installation, by the certificate that it serves. */
    static SSLContext ofOwn(Path certificates) throws CommandFailedException {
        return context(certificates, true);
    }

    /** For a service anywhere, by the certificates of authorities, whose names are compared as ever. */
    static SSLContext ofAuthorities(Path certificates) throws CommandFailedException {
        return context(certificates, false);
    }

    private static SSLContext context(Path file, boolean anyName) throws CommandFailedException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                anchors.setCertificateEntry(Integer.toString(anchors.size()), certificate);
            }
            if (anchors.size() == 0) {
                throw new CertificateException("none");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            ServiceTrust trust = new ServiceTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0], anyName);
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailedException("The certificates in " + file + " cannot be read; it must be a PEM file");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        if (anyName) {
            anchored.checkServerTrusted(chain, type);
        } else {
            anchored.checkServerTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        if (anyName) {
            anchored.checkServerTrusted(chain, type);
        } else {
            anchored.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        anchored.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("This is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("This is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("This is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return anchored.getAcceptedIssuers();
    }
}
