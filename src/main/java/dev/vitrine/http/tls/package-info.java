/** The certificate that HTTPS is served with: reading it, checking it, and taking up a new one while the service runs. */
package dev.vitrine.http.tls;
