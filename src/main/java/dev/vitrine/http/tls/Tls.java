package dev.vitrine.http.tls;

import dev.vitrine.settings.InvalidSettingException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves HTTPS, and takes up a new certificate that appears in the files: new connections get it, open ones go on. Where the
 * new one cannot be served the old one stays, and the log says why.
 */
public final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** Two looks, as a pair is written file by file, are well within the minute that is promised. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final int STREAM_WINDOW = 1024 * 1024;
    private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    private final TlsFiles files;
    private final Vertx vertx;
    private final Clock clock;
    private final Counter taken;
    private final Counter refused;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tls-renewal");
        thread.setDaemon(true);
        return thread;
    });
    private final ServedKey served;
    private volatile String fault;
    private byte[] seen;
    private String suspicion;

    /**
     * Reads the files, and looks for new ones from now on.
     *
     * @throws InvalidSettingException where they cannot be served; its message says why
     */
    public Tls(TlsFiles files, Vertx vertx, MeterRegistry meters, Clock clock) {
        this(files, vertx, meters, clock, LOOK);
    }

    Tls(TlsFiles files, Vertx vertx, MeterRegistry meters, Clock clock, Duration look) {
        this.files = files;
        this.vertx = vertx;
        this.clock = clock;
        seen = content();
        try {
            served = new ServedKey(ServerCertificate.read(files, vertx));
        } catch (UnusableCertificateException e) {
            throw new InvalidSettingException(e.getMessage());
        }
        if (!served.certificate().isValid(clock.instant())) {
            LOG.error(
                    "The certificate {} is not valid today ({}); clients will refuse it",
                    files.certificate(),
                    served.certificate());
        }
        TimeGauge.builder("vitrine.tls.certificate.remaining", this, TimeUnit.SECONDS, Tls::remainingSeconds)
                .description("How long the certificate in use is valid still; below zero when it has ended")
                .register(meters);
        taken = renewals(meters, "taken");
        refused = renewals(meters, "refused");
        looks.scheduleWithFixedDelay(this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes a server's options those of one that speaks HTTPS, with HTTP/2 for clients that ask for it. */
    public void applyTo(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(served))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
        options.getInitialSettings().setInitialWindowSize(STREAM_WINDOW);
    }

    /**
     * Throws where an operator should act.
     *
     * @throws IllegalStateException where the certificate has ended or its successor cannot be served
     */
    public void check() {
        String wrong = fault;
        if (wrong != null) {
            throw new IllegalStateException(wrong);
        }
        if (!served.certificate().isValid(clock.instant())) {
            throw new IllegalStateException(
                    "The certificate " + files.certificate() + " is not valid today: " + served.certificate());
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }

    private void look() {
        try {
            byte[] now = content();
            if (Arrays.equals(now, seen)) {
                suspicion = null;
                fault = null;
                return;
            }
            ServerCertificate next = ServerCertificate.read(files, vertx);
            if (!Arrays.equals(now, content())) {
                return; // still being written
            }
            if (!next.isValid(clock.instant()) && served.certificate().isValid(clock.instant())) {
                refuse("The new certificate " + files.certificate() + " is not valid today: " + next);
                return;
            }
            served.serve(next);
            seen = now;
            suspicion = null;
            fault = null;
            taken.increment();
            LOG.info("New connections get the new certificate {}: {}", files.certificate(), next);
        } catch (UnusableCertificateException e) {
            refuse(e.getMessage());
        } catch (RuntimeException e) { // the next look must come
            LOG.error("The new certificate {} could not be taken up; trying again", files.certificate(), e);
        }
    }

    /** Said at the second look only: at the first one of the two files may not have been written yet. */
    private void refuse(String why) {
        if (!why.equals(suspicion)) {
            suspicion = why;
            return;
        }
        if (why.equals(fault)) {
            return;
        }
        fault = why;
        refused.increment();
        LOG.error("{}. The certificate of before stays in use: {}", why, served.certificate());
    }

    /** A hash of what is in the files; of nothing where there is none. */
    private byte[] content() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(Files.readAllBytes(files.certificate()));
            hash.update((byte) 0);
            hash.update(Files.readAllBytes(files.key()));
            return hash.digest();
        } catch (IOException e) {
            return new byte[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private double remainingSeconds() {
        return Duration.between(clock.instant(), served.certificate().end()).toSeconds();
    }

    private static Counter renewals(MeterRegistry meters, String result) {
        return Counter.builder("vitrine.tls.renewals")
                .description("New certificates found on disk")
                .tag("result", result)
                .register(meters);
    }
}
