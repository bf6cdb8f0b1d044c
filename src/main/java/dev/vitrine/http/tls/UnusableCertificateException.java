package dev.vitrine.http.tls;

/** Certificate and key cannot be served; the message says why, and names the file. */
public final class UnusableCertificateException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableCertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
