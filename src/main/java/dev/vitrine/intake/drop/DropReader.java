package dev.vitrine.intake.drop;

import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.FormRules;
import dev.vitrine.http.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Message;

/** Makes the headers of an upload of a picture's name and of the JSON beside it. */
final class DropReader {
    private final WorkFolder work;
    private final long maxBytes;
    private final FormRules rules;

    /**
     * @param maxBytes size of a picture file, at most
     * @param rules for what the JSON says, asked once something else is wrong with it
     */
    DropReader(WorkFolder work, long maxBytes, FormRules rules) {
        this.work = work;
        this.maxBytes = maxBytes;
        this.rules = rules;
    }

    /**
     * Replaces the headers by those of an upload; the body, a file of the work folder, stays.
     *
     * @throws ProblemException when the JSON is malformed, with all that is wrong in it, or a file cannot be read
     * @throws IOException when a file that could be read cannot any more
     */
    void read(Message message) throws IOException {
        File picture = message.getBody(File.class);
        FileName file = WorkFolder.nameOf(picture.toPath());
        requireReadable(picture.toPath(), file);
        FieldErrors errors = new FieldErrors();
        Sidecar sidecar = work.sidecar(file)
                .map(path -> Sidecar.read(path, WorkFolder.nameOf(path).shown(), errors))
                .orElse(Sidecar.NONE);
        String stem = file.stem().text();
        message.setHeader("product_id", sidecar.productId() == null ? stem : sidecar.productId());
        message.setHeader("name", sidecar.name() == null ? stem : sidecar.name());
        set(message, "image_id", sidecar.imageId());
        set(message, "metadata", sidecar.metadata());
        message.setBody(picture);
        if (!errors.isEmpty()) {
            rules.check(message.getHeaders(), picture, errors);
            errors.check();
        }
    }

    private static void set(Message message, String header, String value) {
        if (value == null) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }

    /** A file that cannot be read to its end is at fault itself; later it would look as if the service's disk were. */
    private void requireReadable(Path picture, FileName file) {
        try (InputStream in = Files.newInputStream(picture)) {
            if (Files.size(picture) <= maxBytes) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            throw new ProblemException(400, file.shown() + " " + Refusals.cannot("be read", e), List.of(), e);
        }
    }
}
