package dev.vitrine.http.tls;

import java.nio.file.Path;

/**
 * Where certificate and key are.
 *
 * @param certificate PEM: the service's own certificate, then those that lead to an authority that clients know
 * @param key PEM: its private key, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
