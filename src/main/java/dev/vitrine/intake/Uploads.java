package dev.vitrine.intake;

import dev.vitrine.http.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder where pictures lie until they are accepted or refused. Names are made here and never taken from outside;
 * what lies here goes with the exchange that brought it, or with upkeep where the process was killed.
 */
public final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Path folder;
    private final long maxBytes;

    /** @param maxBytes size of a picture file, at most */
    public Uploads(Path folder, long maxBytes) {
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
     * Makes the body a {@link File}. One that is a local file already stays; bytes, streams and remote files are written
     * to a new file, which is removed when the exchange ends. No body stays none. The variable {@code workFile} then names
     * the file where it is this exchange's own and may be moved, and nothing left by a picture before it.
     *
     * @throws ProblemException 413 where there are more bytes than a picture may have; nothing beyond the limit is read
     * @throws IOException when they cannot be read or written
     */
    public void receive(Exchange exchange) throws IOException {
        Object body = exchange.getMessage().getBody();
        Object file = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
        if (file instanceof Path path) {
            file = path.toFile();
        }
        if (body != null && !(file instanceof File)) {
            InputStream bytes = exchange.getMessage().getBody(InputStream.class);
            if (bytes == null) {
                throw ProblemException.ofField(
                        400,
                        "image_file",
                        "came as " + body.getClass().getName() + "; the body must be a file, bytes or a stream");
            }
            file = copy(bytes, exchange);
            exchange.setVariable("workFile", file.toString());
        } else if (file == null || !file.toString().equals(exchange.getVariable("workFile"))) {
            exchange.removeVariable("workFile");
        }
        exchange.getMessage().setBody(file);
    }

    private File copy(InputStream stream, Exchange exchange) throws IOException {
        File file = forExchange(exchange);
        try (stream;
                OutputStream out = Files.newOutputStream(file.toPath())) {
            byte[] buffer = new byte[64 * 1024];
            long size = 0;
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                size += n;
                if (size > maxBytes) {
                    throw tooLarge();
                }
                out.write(buffer, 0, n);
            }
        }
        return file;
    }

    ProblemException tooLarge() {
        return ProblemException.ofField(
                413,
                "image_file",
                "has more bytes than the limit, " + maxBytes + " (VITRINE_MAX_UPLOAD). Send a smaller picture");
    }
}
