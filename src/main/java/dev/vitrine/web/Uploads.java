package dev.vitrine.web;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder where pictures lie until they are accepted or refused. Names are made here and never taken from outside;
 * what lies here goes with the exchange that brought it, or with upkeep where the process was killed.
 */
final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Path folder;
    private final long maxBytes;

    /** @param maxBytes size of a picture file, at most */
    Uploads(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** A name for a new file, which is removed when the exchange ends. */
    File forExchange(Exchange exchange) {
        Path file = folder.resolve(UUID.randomUUID().toString());
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    LOG.warn("{} cannot be removed; upkeep tries again", file, e);
                }
            }
        });
        return file.toFile();
    }

    /**
     * Copies a stream into a new file and closes it.
     *
     * @throws ProblemException 413 where it is longer than a picture may be; nothing beyond the limit is read
     */
    File copy(InputStream stream, Exchange exchange) throws IOException {
        File file = forExchange(exchange);
        try (stream;
                OutputStream out = Files.newOutputStream(file.toPath())) {
            byte[] buffer = new byte[64 * 1024];
            long size = 0;
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                size += n;
                if (size > maxBytes) {
                    throw tooLarge("The picture");
                }
                out.write(buffer, 0, n);
            }
        }
        return file;
    }

    ProblemException tooLarge(String what) {
        return ProblemException.ofField(
                413, "image_file", what + " is longer than " + maxBytes + " bytes (VITRINE_MAX_UPLOAD)");
    }
}
